package io.dynapipe.sink.postgres;

import io.dynapipe.sink.ReplayProperties;
import io.dynapipe.sink.TargetProbe;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Replays of random streams on a real PostgreSQL. */
final class PostgresReplayTest extends ReplayProperties {

  @Override
  protected TargetProbe openProbe() {
    return new PostgresProbe(PostgresServer.url());
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void replaysEndInTheSameRows(@ForAll long seed) {
    replayFrom(seed);
  }
}
