package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.sink.CuttingProxy;
import io.dynapipe.sink.LongStream;
import io.dynapipe.sink.Sink;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections that end at random lose nothing and double nothing. */
final class PostgresCutConnectionsIT {

  private static final int EVENTS = Integer.getInteger("dynapipe.long.events", 20_000);

  @Test
  void nothingIsLostOrDoubledWhenConnectionsAreCut() {
    int server = PostgresServer.url().hosts().get(0).port();
    LongStream stream = new LongStream(1, EVENTS);
    try (PostgresProbe probe = new PostgresProbe(PostgresServer.url());
        CuttingProxy proxy = new CuttingProxy(server, 600_000, 20_000, 1)) {
      probe.reset();
      PostgresSinkSettings settings =
          PostgresSinkSettings.of(PostgresServer.url(proxy.port()))
              .withRetryLimit(Duration.ofMinutes(2));
      try (Sink sink = new PostgresSink(settings)) {
        stream.applyAndCheck(sink, probe, (number, batches) -> {});
      }
      assertThat(proxy.cuts()).isPositive();
    }
  }
}
