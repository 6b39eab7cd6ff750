package io.dynapipe.stream.kinesis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The emulator of many AWS services that Python's moto brings, one for all tests of a run. */
public final class Moto {

  private static @Nullable URI endpoint;

  private Moto() {}

  /** Its address; the test is skipped where moto is not installed. */
  public static synchronized URI endpoint() throws Exception {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    if (endpoint == null) {
      endpoint = start();
    }
    return endpoint;
  }

  private static URI start() throws Exception {
    int port = KinesisLocal.freePort();
    Process process = null;
    try {
      process =
          new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
              .redirectErrorStream(true)
              .redirectOutput(Path.of("target", "moto.log").toFile())
              .start();
    } catch (IOException e) {
      assumeTrue(false, "moto_server is not installed");
    }
    Process started = Objects.requireNonNull(process);
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroy, "stop moto_server"));
    URI address = URI.create("http://127.0.0.1:" + port);
    KinesisLocal.awaitAnswer(address, started);
    return address;
  }
}
