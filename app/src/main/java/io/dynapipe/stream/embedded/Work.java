package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A part of a transaction, run by the {@link Committer}. */
@FunctionalInterface
interface Work {

  /** Why this must not run any more; asked before the transaction begins. */
  default @Nullable PipelineException refusal() {
    return null;
  }

  void run(Sqlite sqlite) throws SQLException;

  /** The transaction is durable; called before the work's future completes. */
  default void committed() {}

  /** Nothing of the transaction has happened. */
  default void rolledBack(PipelineException cause) {}
}
