package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.sink.Layout;
import io.dynapipe.sink.LongStream;
import io.dynapipe.sink.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is killed and started again in the middle loses nothing and doubles nothing. Runs
 * when {@code DYNAPIPE_TEST_CRATEDB_START} names a command that, given a port and a directory for
 * its data, becomes such a node: {@code /opt/crate/start.sh}.
 */
final class CrateKilledTest {

  private static final int EVENTS = Integer.getInteger("dynapipe.long.events", 200_000);
  private static final int KILLS = 4;

  // The node's files may belong to another user.
  @TempDir(cleanup = CleanupMode.NEVER)
  private Path data;

  @Test
  void nothingIsLostOrDoubledWhenTheNodeIsKilled() {
    String start = System.getenv("DYNAPIPE_TEST_CRATEDB_START");
    assumeTrue(
        start != null && !start.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB_START names no command that starts a CrateDB (beside"
            + " DYNAPIPE_TEST_CRATEDB)");
    Random random = new Random(7);
    LongStream stream = new LongStream(7, EVENTS);
    try (CrateNode node = new CrateNode(start, data)) {
      node.start();
      CrateSettings settings =
          CrateSettings.of(node.uri())
              .withLayout(Layout.DOCUMENT)
              .withRetryLimit(Duration.ofMinutes(3));
      int[] kills = {0};
      try (CrateProbe probe = new CrateProbe(CrateSettings.of(node.uri()));
          Sink sink = CrateSink.open(settings)) {
        probe.reset();
        stream.applyAndCheck(
            sink,
            probe,
            (number, batches) -> {
              if (number > 0 && kills[0] < KILLS && number % (batches / (KILLS + 1)) == 0) {
                kills[0]++;
                node.killWithin(Duration.ofMillis(random.nextInt(400)));
              }
            });
      }
      assertThat(node.deaths()).isEqualTo(KILLS);
      System.out.println(
          EVENTS
              + " events, "
              + node.deaths()
              + " kills, "
              + stream.failedBatches()
              + " batches given again");
    }
  }
}
