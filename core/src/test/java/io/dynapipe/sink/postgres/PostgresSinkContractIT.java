package io.dynapipe.sink.postgres;

import io.dynapipe.sink.Layout;
import io.dynapipe.sink.SinkContract;
import io.dynapipe.sink.TargetProbe;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** The contract on a real server, in each layout. */
final class PostgresSinkContractIT {

  /** jsonb and text have no NUL. */
  private abstract static class OnPostgres extends SinkContract {

    @Override
    protected TargetProbe openProbe() {
      return new PostgresProbe(PostgresServer.url());
    }

    @Override
    public Set<String> refusedValues() {
      return Set.of("NUL");
    }
  }

  @Nested
  final class Document extends OnPostgres {

    @Override
    public Layout layout() {
      return Layout.DOCUMENT;
    }
  }

  @Nested
  final class Universal extends OnPostgres {

    @Override
    public Layout layout() {
      return Layout.UNIVERSAL;
    }
  }

  @Nested
  final class Columns extends OnPostgres {

    @Override
    public Layout layout() {
      return Layout.COLUMNS;
    }
  }
}
