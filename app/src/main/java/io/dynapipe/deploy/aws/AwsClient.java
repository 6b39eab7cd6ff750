package io.dynapipe.deploy.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.retry.Sleeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Sends requests to AWS: credentials, region, signature and connection are the AWS SDK's, the
 * requests are written by hand, in the services' own words. Thread-safe.
 *
 * <p>What reads is tried again after passing trouble; what changes is only tried again when the
 * service says that it did nothing.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">Service-specific
 *     endpoints</a>
 */
public final class AwsClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private static final int ATTEMPTS = 8;

  private final DefaultCredentialsProvider credentials;
  private final Region region;
  private final Map<String, String> environment;
  private final SdkHttpClient http;

  private AwsClient(
      DefaultCredentialsProvider credentials,
      Region region,
      Map<String, String> environment,
      SdkHttpClient http) {
    this.credentials = credentials;
    this.region = region;
    this.environment = Map.copyOf(environment);
    this.http = http;
  }

  /**
   * Connects as all AWS tools do: by environment, configuration files, single sign-on, or the
   * machine's role.
   *
   * @param regionName null: the environment's or the profile's
   * @param environment of which {@code AWS_ENDPOINT_URL} and {@code AWS_ENDPOINT_URL_<SERVICE>}
   *     redirect requests
   * @throws PipelineException (environment) when no region is known
   */
  public static AwsClient connect(@Nullable String regionName, Map<String, String> environment) {
    return new AwsClient(
        DefaultCredentialsProvider.builder().build(),
        region(regionName),
        environment,
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(10))
            .socketTimeout(Duration.ofSeconds(60))
            .build());
  }

  private static Region region(@Nullable String name) {
    if (name != null) {
      return Region.of(name);
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkException e) {
      throw PipelineException.environment(
          "no AWS region is known", "Give --region, or set AWS_REGION, such as eu-central-1.", e);
    }
  }

  public String region() {
    return region.id();
  }

  /** {@code aws}, {@code aws-cn} or {@code aws-us-gov}, as in ARNs. */
  public String partition() {
    return PartitionMetadata.of(region).id();
  }

  /** Ends the names of AWS's hosts: {@code amazonaws.com}. */
  public String dnsSuffix() {
    return PartitionMetadata.of(region).dnsSuffix();
  }

  /** An empty object, to be filled. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A tree of JSON text. */
  public static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw PipelineException.input("not JSON: " + e.getMessage(), "Correct it.");
    }
  }

  /** Calls a service that speaks JSON. */
  public JsonNode json(AwsService service, String operation, ObjectNode input) {
    byte[] body = input.toString().getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = Map.of("X-Amz-Target", service.version() + "." + operation);
    return attempts(service, operation, () -> JSON.readTree(send(service, headers, body)));
  }

  /** Calls a service that speaks forms and XML; answers the result element. */
  public Xml query(AwsService service, String action, Map<String, String> parameters) {
    Map<String, String> form = new TreeMap<>(parameters);
    form.put("Action", action);
    form.put("Version", service.version());
    byte[] body =
        form.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"))
            .getBytes(StandardCharsets.UTF_8);
    return attempts(
        service, action, () -> Xml.parse(send(service, Map.of(), body)).at(action + "Result"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** One request and its reading. */
  private interface Attempt<T> {
    T run() throws IOException;
  }

  private <T> T attempts(AwsService service, String operation, Attempt<T> attempt) {
    boolean reads = operation.matches("(Describe|Get|List|Filter).*");
    for (int tried = 1; ; tried++) {
      try {
        return attempt.run();
      } catch (AwsException e) {
        boolean again = e.isThrottled() || (reads && e.isServerFault());
        if (!again || tried == ATTEMPTS) {
          throw e;
        }
      } catch (IOException e) {
        if (!reads || tried == ATTEMPTS) {
          throw PipelineException.environment(
              "AWS cannot be reached at " + endpoint(service) + ": " + e,
              "Is the region right, and does this machine reach AWS (proxy, firewall)?",
              e);
        }
      } catch (SdkException e) {
        throw PipelineException.environment(
            "no AWS credentials are to be had: " + e.getMessage(),
            "Run 'aws configure' or 'aws sso login', or set AWS_PROFILE.",
            e);
      }
      pause(tried);
    }
  }

  private static void pause(int tried) {
    try {
      Sleeper.REAL.sleep(BACKOFF.delay(tried, ThreadLocalRandom.current()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while waiting for AWS", e);
    }
  }

  private byte[] send(AwsService service, Map<String, String> headers, byte[] body)
      throws IOException {
    ContentStreamProvider content = ContentStreamProvider.fromByteArray(body);
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint(service))
            .putHeader("Content-Type", service.contentType())
            .putHeader("Accept", "application/json, text/xml")
            .putHeader("Content-Length", Integer.toString(body.length));
    headers.forEach(request::putHeader);
    AwsCredentials identity = credentials.resolveCredentials();
    SignedRequest signed =
        SIGNER.sign(
            sign ->
                sign.identity(identity)
                    .request(request.build())
                    .payload(content)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service.signingName())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, service.signingRegion(region.id())));
    HttpExecuteResponse response =
        http.prepareRequest(
                HttpExecuteRequest.builder()
                    .request(signed.request())
                    .contentStreamProvider(signed.payload().orElse(content))
                    .build())
            .call();
    byte[] answer = new byte[0];
    if (response.responseBody().isPresent()) {
      try (InputStream in = response.responseBody().get()) {
        answer = in.readAllBytes();
      }
    }
    int status = response.httpResponse().statusCode();
    if (status / 100 != 2) {
      Function<String, String> header =
          name -> response.httpResponse().firstMatchingHeader(name).orElse("");
      throw failure(answer, status, header.apply("x-amzn-errortype"));
    }
    return answer;
  }

  private URI endpoint(AwsService service) {
    String redirected =
        environment.getOrDefault(
            service.variable(), environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    return URI.create(
        redirected.isEmpty()
            ? "https://" + service.host(region.id(), dnsSuffix()) + "/"
            : redirected.endsWith("/") ? redirected : redirected + "/");
  }

  private static AwsException failure(byte[] answer, int status, String header) {
    String text = new String(answer, StandardCharsets.UTF_8);
    try {
      if (text.startsWith("{")) {
        JsonNode json = JSON.readTree(text);
        String code = json.path("__type").asText(header);
        String message = json.path("message").asText(json.path("Message").asText(text));
        return new AwsException(code.substring(code.lastIndexOf('#') + 1), message, status);
      }
      Xml xml = Xml.parse(answer);
      Xml error = xml.at("Error").text().isEmpty() ? xml.at("Errors", "Error") : xml.at("Error");
      if (!error.text("Code").isEmpty()) {
        return new AwsException(error.text("Code"), error.text("Message"), status);
      }
    } catch (IOException e) {
      // Then it is told as it came.
    }
    String start = text.substring(0, Math.min(text.length(), 300)).strip();
    return new AwsException("HTTP " + status, "HTTP " + status + ": " + start, status);
  }

  @Override
  public void close() {
    http.close();
    credentials.close();
  }
}
