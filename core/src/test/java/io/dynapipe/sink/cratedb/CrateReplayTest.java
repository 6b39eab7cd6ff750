package io.dynapipe.sink.cratedb;

import io.dynapipe.sink.ReplayProperties;
import io.dynapipe.sink.TargetProbe;

/** Replays of random streams on a real CrateDB. */
final class CrateReplayTest extends ReplayProperties {

  @Override
  protected TargetProbe openProbe() {
    return new CrateProbe(RealCrate.settings());
  }
}
