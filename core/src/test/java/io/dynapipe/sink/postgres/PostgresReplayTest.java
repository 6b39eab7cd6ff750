package io.dynapipe.sink.postgres;

import io.dynapipe.sink.ReplayProperties;
import io.dynapipe.sink.TargetProbe;

/** Replays of random streams on a real PostgreSQL. */
final class PostgresReplayTest extends ReplayProperties {

  @Override
  protected TargetProbe openProbe() {
    return new PostgresProbe(PostgresServer.url());
  }
}
