package io.dynapipe.sink.cratedb;

import io.dynapipe.sink.Layout;
import io.dynapipe.sink.SinkContract;
import io.dynapipe.sink.TargetProbe;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** The contract on a real CrateDB, in each layout. */
final class CrateSinkContractTest {

  private abstract static class OnCrate extends SinkContract {

    @Override
    protected TargetProbe openProbe() {
      return new CrateProbe(RealCrate.settings());
    }

    /** BIGINT has no room for them. */
    @Override
    public Set<Object> refusedKeys() {
      return Set.of(Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  @Nested
  final class Document extends OnCrate {

    @Override
    public Layout layout() {
      return Layout.DOCUMENT;
    }
  }

  @Nested
  final class Universal extends OnCrate {

    @Override
    public Layout layout() {
      return Layout.UNIVERSAL;
    }
  }

  @Nested
  final class Columns extends OnCrate {

    @Override
    public Layout layout() {
      return Layout.COLUMNS;
    }
  }
}
