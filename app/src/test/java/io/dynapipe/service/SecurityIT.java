package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A service on an address that others reach: signed requests, a password, and TLS. */
final class SecurityIT {

  private static final String ID = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String PASSWORD = "open sesame";
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private static Path directory;
  private static Service service;
  private static HttpClient client;

  @BeforeAll
  static void open() throws Exception {
    Path store = directory.resolve("store.p12");
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "service",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit",
        "-keystore",
        store.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    Path certificate =
        pem("CERTIFICATE", keys.getCertificate("service").getEncoded(), "certificate.pem");
    Path key =
        pem(
            "PRIVATE KEY",
            keys.getKey("service", "changeit".toCharArray()).getEncoded(),
            "key.pem");
    Path credentials =
        secret(
            "credentials",
            "[default]\naws_access_key_id = " + ID + "\naws_secret_access_key = " + SECRET + "\n");
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("state"),
                SinkUrl.parse("postgresql://me@127.0.0.1:1/nowhere", Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "0.0.0.0",
                0,
                Access.read(credentials, secret("password", PASSWORD + "\n"), certificate, key)));
    client = HttpClient.newBuilder().sslContext(trust(certificate)).build();
  }

  @AfterAll
  static void close() {
    service.close();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static Path pem(String what, byte[] der, String name) throws IOException {
    return secret(
        name,
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + what
            + "-----\n");
  }

  private static Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static SSLContext trust(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = Files.newInputStream(certificate)) {
      Certificate one = CertificateFactory.getInstance("X.509").generateCertificate(in);
      trusted.setCertificateEntry("service", one);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static URI uri(String path) {
    return URI.create("https://localhost:" + service.port() + path);
  }

  /** As the SDK signs it. */
  private static HttpRequest.Builder signed(
      String secret, String scope, Duration age, String body) {
    SdkHttpRequest plain =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(uri("/"))
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("X-Amz-Target", "AmazonDMSv20160101.DescribeReplicationInstances")
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(AwsCredentialsIdentity.create(ID, secret))
                        .request(plain)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, scope)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(
                            HttpSigner.SIGNING_CLOCK,
                            Clock.fixed(Instant.now().minus(age), ZoneOffset.UTC)))
            .request();
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("/"));
    signed
        .headers()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request;
  }

  private static JsonNode send(HttpRequest.Builder request, String body, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static void refused(HttpRequest.Builder request, String body, int status, String fault)
      throws IOException, InterruptedException {
    assertThat(send(request, body, status).path("__type").asText()).isEqualTo(fault);
  }

  @Test
  void takesWhatTheSdkSigns() throws IOException, InterruptedException {
    JsonNode answer = send(signed(SECRET, "dms", Duration.ZERO, "{}"), "{}", 200);
    assertThat(answer.path("ReplicationInstances")).hasSize(1);
    JsonNode early = send(signed(SECRET, "dms", Duration.ofMinutes(-4), "{}"), "{}", 200);
    assertThat(early.path("ReplicationInstances")).hasSize(1);
  }

  @Test
  void refusesWhatIsNotSignedRightly() throws IOException, InterruptedException {
    HttpRequest.Builder unsigned =
        HttpRequest.newBuilder(uri("/"))
            .header("X-Amz-Target", "AmazonDMSv20160101.DescribeReplicationInstances");
    refused(unsigned, "{}", 403, "MissingAuthenticationTokenException");
    Duration now = Duration.ZERO;
    refused(signed("another", "dms", now, "{}"), "{}", 403, "InvalidSignatureException");
    refused(signed(SECRET, "logs", now, "{}"), "{}", 403, "InvalidSignatureException");
    refused(signed(SECRET, "dms", now, "{}"), "{ }", 403, "InvalidSignatureException");
    refused(
        signed(SECRET, "dms", Duration.ofMinutes(6), "{}"), "{}", 403, "InvalidSignatureException");
    refused(
        signed(SECRET, "dms", now, "{}").header("X-Amz-More", "unsigned"),
        "{}",
        403,
        "InvalidSignatureException");
    HttpRequest.Builder broken =
        HttpRequest.newBuilder(uri("/")).header("Authorization", "AWS4-HMAC-SHA256 Credential=x");
    refused(broken, "{}", 400, "IncompleteSignatureException");
  }

  private static int page(String path, String... authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    for (String header : authorization) {
      request.header("Authorization", header);
    }
    return client.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  @Test
  void asksForThePasswordOfThePages() throws IOException, InterruptedException {
    String pair =
        Base64.getEncoder().encodeToString(("anyone:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    for (String path : new String[] {"/", "/metrics", "/console/console.js"}) {
      assertThat(page(path)).as(path).isEqualTo(401);
      assertThat(page(path, "Basic d3Jvbmc6d3Jvbmc=")).as(path).isEqualTo(401);
      assertThat(page(path, "Basic !")).as(path).isEqualTo(401);
      assertThat(page(path, "Basic " + pair)).as(path).isEqualTo(200);
      assertThat(page(path, "Bearer " + PASSWORD)).as(path).isEqualTo(200);
    }
    assertThat(page("/health")).isEqualTo(200);
  }

  @Test
  void doesNotListenToOthersWithoutCredentials(@TempDir Path state) {
    ServiceSettings open =
        new ServiceSettings(
            state,
            SinkUrl.parse("postgresql://me@127.0.0.1:1/nowhere", Map.of()),
            Layout.DOCUMENT,
            ServiceSettings.LOCAL_ACCOUNT,
            "0.0.0.0",
            0);
    assertThatThrownBy(() -> new Service(open).close())
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("other than loopback");
  }

  @Test
  void doesNotTakeSecretsThatOthersCanRead() throws IOException {
    Path file = secret("shared", "secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Access.read(null, file, null, null))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("others may read");
  }

  @Test
  void keepsTheKeyOfPasswordsToItself() {
    Path key = directory.resolve("state").resolve("service.key");
    assertThat(key)
        .satisfies(
            file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
  }
}
