package io.dynapipe.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * Debian's docker-registry on a free port, which lets in whom ECR would: the user AWS with the
 * token that moto's ECR gives out.
 */
public final class DockerRegistry implements AutoCloseable {

  public static final String USER = "AWS";
  public static final String TOKEN = "123456789012-auth-token";

  /** Bcrypt of {@link #TOKEN}: the registry takes nothing else. */
  private static final String HASH = "$2b$05$abcdefghijklmnopqrstuu/4ofrUS75HrKu6f.iuRo0I/XlrmpqlC";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final int port;

  private DockerRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it; the test is skipped where it is not installed. */
  public static DockerRegistry start(Path directory) throws Exception {
    int port = freePort();
    Path users = Files.writeString(directory.resolve("htpasswd"), USER + ":" + HASH + "\n");
    Path configuration =
        Files.writeString(
            directory.resolve("registry.yml"),
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: 127.0.0.1:%d}
            auth: {htpasswd: {realm: dynapipe, path: %s}}
            """
                .formatted(directory.resolve("blobs"), port, users));
    Process process;
    try {
      process =
          new ProcessBuilder("docker-registry", "serve", configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("registry.log").toFile())
              .start();
    } catch (IOException e) {
      assumeTrue(false, "docker-registry is not installed");
      throw e;
    }
    DockerRegistry registry = new DockerRegistry(process, port);
    registry.awaitAnswer();
    return registry;
  }

  private void awaitAnswer() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        get("/v2/", "application/json");
        return;
      } catch (java.net.ConnectException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw new AssertionError("docker-registry does not start");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** {@code 127.0.0.1:port}, as image names begin. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /** A manifest or an image's configuration. */
  public JsonNode json(String path) throws IOException {
    return JSON.readTree(
        get("/v2/" + path, "application/vnd.oci.image.manifest.v1+json, application/json"));
  }

  /** Pulls an image by its digest and unpacks its layers into a directory; answers its config. */
  public JsonNode unpack(String repository, String digest, Path into) throws Exception {
    JsonNode manifest = json(repository + "/manifests/" + digest);
    for (JsonNode layer : manifest.path("layers")) {
      byte[] blob = get("/v2/" + repository + "/blobs/" + layer.path("digest").asText(), "*/*");
      Path file = Files.write(Files.createTempFile("layer", ".tar.gz"), blob);
      Process tar =
          new ProcessBuilder(
                  "tar",
                  "--warning=no-unknown-keyword",
                  "-xzf",
                  file.toString(),
                  "-C",
                  into.toString())
              .inheritIO()
              .start();
      if (tar.waitFor() != 0) {
        throw new AssertionError("tar fails");
      }
      Files.delete(file);
    }
    return json(repository + "/blobs/" + manifest.path("config").path("digest").asText());
  }

  private byte[] get(String path, String accept) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://" + host() + path).toURL().openConnection();
    connection.setRequestProperty("Accept", accept);
    connection.setRequestProperty(
        "Authorization",
        "Basic "
            + Base64.getEncoder()
                .encodeToString((USER + ":" + TOKEN).getBytes(StandardCharsets.UTF_8)));
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
