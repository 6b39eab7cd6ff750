package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives rows a new key. The old row is copied inside CrateDB, so that its values pass through no
 * hands, and then deleted. One row at a time: key changes with unchanged columns are rare.
 */
final class RowMover {

  private final CrateClient client;
  private final BulkWriter writer;

  RowMover(CrateClient client, BulkWriter writer) {
    this.client = client;
    this.writer = writer;
  }

  List<RowFailure> move(OpenTable table, RowWrite write) {
    RowKey previous = Objects.requireNonNull(write.previousKey());
    List<String> unchanged = new ArrayList<>();
    Row row = write.row();
    for (int i = 0; i < row.size(); i++) {
      if (!row.kind(i).hasValue() && row.kind(i) != ValueKind.NULL) {
        unchanged.add(row.columns().name(i));
      }
    }
    List<String> lacking = lacking(table, previous, unchanged);
    // Gone: an earlier try or another replay has moved it.
    String problem = lacking == null ? merge(table, write) : copy(table, write, previous, lacking);
    if (problem != null) {
      return List.of(new RowFailure(write, problem));
    }
    Statements statements = new Statements(table.target());
    RowRenderer renderer = new RowRenderer(table.plan(row.columns()));
    BulkWriter.Run run = writer.run();
    run.add(
        statements.delete(),
        List.of(write),
        (out, moved) -> renderer.key(out, previous),
        Expect.AT_MOST_ONE);
    return run.await();
  }

  /**
   * Which unchanged columns the old row does not hold. An unchanged column is a stored large value,
   * never NULL: without it, the old row is what a replay made of the key's later events, and the
   * row of the new key knows better.
   *
   * @return null when there is no old row
   */
  private @Nullable List<String> lacking(OpenTable table, RowKey previous, List<String> unchanged) {
    TargetTable target = table.target();
    List<String> selected = new ArrayList<>();
    selected.add(aux(target));
    for (String name : unchanged) {
      selected.add(target.type(name) == null ? "FALSE" : target.reference(name) + " IS NOT NULL");
    }
    JsonBuffer body = new JsonBuffer(1 << 10);
    body.raw("{\"stmt\":")
        .string(
            "SELECT "
                + String.join(", ", selected)
                + " FROM "
                + target.sql()
                + " WHERE "
                + new Statements(target).keyEquals())
        .raw(",\"args\":");
    if (new RowRenderer(table.plan(previous.values().columns())).key(body, previous) != null) {
      return null;
    }
    SqlAnswer answer = client.bulk(body.raw('}').array(), body.size());
    if (answer.error() != null) {
      throw new TableTrouble(answer.error());
    }
    if (answer.rows().isEmpty()) {
      return null;
    }
    List<@Nullable Object> found = answer.rows().get(0);
    List<String> lacking = new ArrayList<>();
    for (int i = 0; i < unchanged.size(); i++) {
      boolean held =
          Boolean.TRUE.equals(found.get(i + 1))
              || (found.get(0) instanceof Map<?, ?> texts && texts.get(unchanged.get(i)) != null);
      if (!held) {
        lacking.add(unchanged.get(i));
      }
    }
    return lacking;
  }

  private static String aux(TargetTable target) {
    return switch (target.aux()) {
      case COLUMN -> "aux";
      case MEMBER -> SqlText.member("data", TargetTable.AUX_MEMBER);
      case ADDABLE, NONE -> "NULL";
    };
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

  private @Nullable String copy(
      OpenTable table, RowWrite write, RowKey previous, List<String> lacking) {
    RowPlan plan = table.plan(write.row().columns());
    JsonBuffer body = new JsonBuffer(1 << 10);
    body.raw("{\"stmt\":")
        .string(new Statements(table.target()).move(plan.told(write.row()), lacking))
        .raw(",\"args\":");
    String problem = new RowRenderer(plan).move(body, write, previous);
    if (problem != null) {
      return problem;
    }
    if (!lacking.isEmpty() && table.target().aux() == TargetTable.AuxPlace.COLUMN) {
      body.truncate(body.size() - 1).raw(',');
      forgotten(body, write.row(), lacking);
      body.raw(']');
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

  /** What the new key's row had beside its data, of the columns that it now gets anew. */
  private static void forgotten(JsonBuffer out, Row row, List<String> lacking) {
    out.raw('{');
    String comma = "";
    for (String name : row.columns().asList()) {
      if (!lacking.contains(name)) {
        out.raw(comma).string(name).raw(":null");
        comma = ",";
      }
    }
    out.raw('}');
  }
}
