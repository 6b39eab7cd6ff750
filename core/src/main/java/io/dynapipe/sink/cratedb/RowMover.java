package io.dynapipe.sink.cratedb;

import io.dynapipe.event.RowKey;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives rows a new key. The old row is copied inside CrateDB, so that its values pass through no
 * hands, and then deleted. One row at a time: key changes with unchanged columns are rare.
 */
final class RowMover {

  private static final Logger LOG = LoggerFactory.getLogger(RowMover.class);

  private final CrateClient client;
  private final BulkWriter writer;

  RowMover(CrateClient client, BulkWriter writer) {
    this.client = client;
    this.writer = writer;
  }

  List<RowFailure> move(OpenTable table, RowWrite write) {
    RowKey previous = Objects.requireNonNull(write.previousKey());
    // A row under the new key is the one that moved, at an earlier try or replay: the row that the
    // previous key has now may be another one.
    boolean moved = isThere(table, Objects.requireNonNull(write.key()));
    boolean copies = !moved && isThere(table, previous);
    if (!moved && !copies) {
      LOG.warn(
          "{}: the row that changed its key from {} to {} is not there: columns that the event left"
              + " out as unchanged are null, unless later events of a replay bring them",
          table.target().name(),
          previous,
          write.key());
    }
    String problem = copies ? copy(table, write, previous) : merge(table, write);
    if (problem != null) {
      return List.of(new RowFailure(write, problem));
    }
    Statements statements = new Statements(table.target());
    RowRenderer renderer = new RowRenderer(table.plan(write.row().columns()));
    BulkWriter.Run run = writer.run();
    run.add(
        statements.delete(),
        List.of(write),
        (out, any) -> renderer.key(out, previous),
        Expect.AT_MOST_ONE);
    return run.await();
  }

  /** Whether there is a row of this key; a key that does not fit has none. */
  private boolean isThere(OpenTable table, RowKey key) {
    JsonBuffer body = new JsonBuffer(1 << 10);
    body.raw("{\"stmt\":")
        .string(
            "SELECT 1 FROM "
                + table.target().sql()
                + " WHERE "
                + new Statements(table.target()).keyEquals())
        .raw(",\"args\":");
    if (new RowRenderer(table.plan(key.values().columns())).key(body, key) != null) {
      return false;
    }
    SqlAnswer answer = client.bulk(body.raw('}').array(), body.size());
    if (answer.error() != null) {
      throw new TableTrouble(answer.error());
    }
    return !answer.rows().isEmpty();
  }

  private @Nullable String merge(OpenTable table, RowWrite write) {
    RowWrite merge = RowWrite.merge(Objects.requireNonNull(write.key()), write.row());
    RowPlan plan = table.plan(write.row().columns());
    BulkWriter.Run run = writer.run();
    run.add(
        new Statements(table.target()).merge(plan.told(write.row())),
        List.of(merge),
        new RowRenderer(plan)::merge,
        Expect.ONE);
    List<RowFailure> failures = run.await();
    return failures.isEmpty() ? null : failures.get(0).reason();
  }

  private @Nullable String copy(OpenTable table, RowWrite write, RowKey previous) {
    RowPlan plan = table.plan(write.row().columns());
    JsonBuffer body = new JsonBuffer(1 << 10);
    body.raw("{\"stmt\":")
        .string(new Statements(table.target()).move(plan.told(write.row())))
        .raw(",\"args\":");
    String problem = new RowRenderer(plan).move(body, write, previous);
    if (problem != null) {
      return problem;
    }
    SqlAnswer answer = client.bulk(body.raw('}').array(), body.size());
    CrateError error = answer.error();
    if (error != null && error.scope() == CrateError.Scope.TABLE) {
      throw new TableTrouble(error);
    }
    if (error != null) {
      return "CrateDB refused the row: " + error.message();
    }
    if (answer.rowCount() != 1) {
      // CrateDB passes over a row of INSERT FROM a query that it refuses, and tells no reason.
      return "CrateDB refused the row under its new key, without a word: is the key too long?";
    }
    return null;
  }
}
