package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.cratedb.CrateError.Scope;
import io.dynapipe.sink.cratedb.SqlAnswer.RowResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends a bulk and accounts for every row of it: applied, failed for good, or sent again. A refused
 * bulk is split until the bad rows stand alone. Thread-safe.
 */
final class BulkSender {

  /** What row counts mean success. */
  enum Expect {
    /** An upsert changes one row. */
    ONE,
    /** A delete or an insert of what may be there changes one row or none. */
    AT_MOST_ONE
  }

  /** How often rows in passing trouble are sent again; each time waits in the client, too. */
  private static final int MAX_ROUNDS = 20;

  private static final int EXPLAINED = 10;

  private final CrateClient client;

  BulkSender(CrateClient client) {
    this.client = client;
  }

  /**
   * Sends all rows.
   *
   * @return those that can never be applied
   * @throws PipelineException retryable, environment, or permanent when the table is at fault
   */
  List<RowFailure> send(BulkRows rows, Expect expect) {
    List<RowFailure> failures = new ArrayList<>();
    send(rows, expect, failures, 0);
    return failures;
  }

  private void send(BulkRows rows, Expect expect, List<RowFailure> failures, int round) {
    if (rows.size() == 0) {
      return;
    }
    SqlAnswer answer = rows.send(client);
    CrateError error = answer.error();
    if (error != null) {
      refused(rows, expect, failures, round, error);
      return;
    }
    List<RowResult> results = answer.results();
    if (results.size() != rows.size()) {
      throw PipelineException.retryable(
          "CrateDB answered for " + results.size() + " of " + rows.size() + " rows", null);
    }
    Unsettled unsettled = new Unsettled();
    for (int i = 0; i < results.size(); i++) {
      settle(rows, i, results.get(i), expect, failures, unsettled);
    }
    repeat(rows, unsettled, expect, failures, round);
  }

  /** Rows of a bulk that have to be sent again. */
  private static final class Unsettled {
    /** In passing trouble. */
    private final List<Integer> troubled = new ArrayList<>();

    /** Failed without a word, or for an unhandled error: to be sent with fewer others. */
    private final List<Integer> unexplained = new ArrayList<>();
  }

  private static void settle(
      BulkRows rows,
      int row,
      RowResult result,
      Expect expect,
      List<RowFailure> failures,
      Unsettled unsettled) {
    if (result.count() == 1 || (result.count() == 0 && expect == Expect.AT_MOST_ONE)) {
      return;
    }
    if (!result.failed()) {
      throw PipelineException.permanent(
          "CrateDB changed " + result.count() + " rows for one", "Report this as a bug.", null);
    }
    CrateError error = result.error();
    if (error == null) {
      unsettled.unexplained.add(row);
      return;
    }
    if (error.code() == CrateError.DOCUMENT_MISSING) {
      if (expect == Expect.ONE) {
        // The upsert found the row, and another writer took it away before it was changed.
        unsettled.troubled.add(row);
      }
      return;
    }
    switch (error.scope()) {
      case ROW, SIZE -> failures.add(failure(rows, row, error));
      case UNKNOWN -> {
        if (rows.size() == 1) {
          failures.add(failure(rows, row, error));
        } else {
          unsettled.unexplained.add(row);
        }
      }
      case TABLE, ENVIRONMENT -> throw new TableTrouble(error);
      case RETRYABLE -> unsettled.troubled.add(row);
    }
  }

  private void repeat(
      BulkRows rows, Unsettled unsettled, Expect expect, List<RowFailure> failures, int round) {
    if (!unsettled.troubled.isEmpty()) {
      if (round >= MAX_ROUNDS) {
        throw PipelineException.retryable(
            "CrateDB failed " + unsettled.troubled.size() + " rows in each of " + round + " tries",
            null);
      }
      client.backOff(round + 1);
      send(rows.part(unsettled.troubled), expect, failures, round + 1);
    }
    // CrateDB explains the first ten failures of a shard; so few are explained for certain.
    int few = rows.size() > EXPLAINED ? EXPLAINED : 1;
    if (rows.size() == 1 && !unsettled.unexplained.isEmpty()) {
      failures.add(failure(rows, 0, null));
      return;
    }
    for (int from = 0; from < unsettled.unexplained.size(); from += few) {
      int to = Math.min(from + few, unsettled.unexplained.size());
      send(rows.part(unsettled.unexplained.subList(from, to)), expect, failures, round);
    }
  }

  private void refused(
      BulkRows rows, Expect expect, List<RowFailure> failures, int round, CrateError error) {
    if (error.scope() == Scope.TABLE || error.scope() == Scope.ENVIRONMENT) {
      throw new TableTrouble(error);
    }
    if (rows.size() == 1) {
      failures.add(failure(rows, 0, error));
      return;
    }
    List<Integer> all = IntStream.range(0, rows.size()).boxed().toList();
    int half = all.size() / 2;
    send(rows.part(all.subList(0, half)), expect, failures, round);
    send(rows.part(all.subList(half, all.size())), expect, failures, round);
  }

  private static RowFailure failure(BulkRows rows, int row, @Nullable CrateError error) {
    return new RowFailure(rows.write(row), reason(error));
  }

  private static String reason(@Nullable CrateError error) {
    if (error == null) {
      return "CrateDB does not tell why";
    }
    String message = error.message();
    String cause = message.length() > 1_000 ? message.substring(0, 1_000) + "..." : message;
    return "CrateDB refused the row: " + cause + " (" + error.code() + ")";
  }
}
