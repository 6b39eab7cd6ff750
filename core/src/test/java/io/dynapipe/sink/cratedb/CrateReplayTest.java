package io.dynapipe.sink.cratedb;

import io.dynapipe.sink.ReplayProperties;
import io.dynapipe.sink.TargetProbe;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Replays of random streams on a real CrateDB. */
@AddLifecycleHook(RealCrate.Needed.class)
final class CrateReplayTest extends ReplayProperties {

  @Override
  protected TargetProbe openProbe() {
    return new CrateProbe(RealCrate.settings());
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void replaysEndInTheSameRows(@ForAll long seed) {
    replayFrom(seed);
  }
}
