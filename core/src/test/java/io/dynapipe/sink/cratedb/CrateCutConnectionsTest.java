package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.sink.CuttingProxy;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.LongStream;
import io.dynapipe.sink.Sink;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a real CrateDB, connections that end at random lose nothing and double nothing. */
final class CrateCutConnectionsTest {

  private static final int EVENTS = Integer.getInteger("dynapipe.long.events", 200_000);

  @ParameterizedTest
  @EnumSource(names = {"DOCUMENT", "COLUMNS"})
  void nothingIsLostOrDoubledWhenConnectionsAreCut(Layout layout) {
    CrateSettings node = RealCrate.settings();
    LongStream stream = new LongStream(1, EVENTS);
    int port = node.server().hosts().get(0).getPort();
    try (CrateProbe probe = new CrateProbe(node);
        CuttingProxy proxy = new CuttingProxy(port, 4_000_000, 200_000, 1)) {
      probe.reset();
      CrateSettings settings =
          CrateSettings.of(URI.create("http://127.0.0.1:" + proxy.port()))
              .withLayout(layout)
              .withRetryLimit(Duration.ofMinutes(2));
      try (Sink sink = CrateSink.open(settings)) {
        stream.applyAndCheck(sink, probe, (number, batches) -> {});
      }
      assertThat(proxy.cuts()).isPositive();
      System.out.println(
          layout
              + ": "
              + EVENTS
              + " events, "
              + proxy.cuts()
              + " connections cut, "
              + stream.failedBatches()
              + " batches given again");
    }
  }
}
