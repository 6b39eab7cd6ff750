package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.sink.DmsTask;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Sink;
import org.junit.jupiter.api.Test;

/** What AWS DMS sends is applied without configuration. */
final class PostgresDmsTaskTest {

  @Test
  void everythingIsAppliedAndNothingIsSetAside() {
    try (PostgresProbe probe = new PostgresProbe(PostgresServer.url())) {
      probe.reset();
      for (Layout layout : Layout.values()) {
        try (Sink sink = probe.open(layout)) {
          for (BatchOutcome outcome : DmsTask.apply(sink, 5)) {
            assertThat(outcome.setAside()).isEmpty();
            assertThat(outcome.unreadable()).isZero();
            assertThat(outcome.complete()).isTrue();
          }
        }
      }
      probe.execute("DROP TABLE foo, batting, json_t");
      probe.execute("DROP SCHEMA dms CASCADE");
    }
  }
}
