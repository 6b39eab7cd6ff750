package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes tables whose rows CrateDB finds by a primary key, which sees every write at once. */
final class KeyedWriter {

  /** Rows of one kind and shape go by one statement. */
  private record Group(WriteKind kind, ColumnNames columns, List<String> told) {}

  private final CrateClient client;
  private final BulkWriter writer;

  KeyedWriter(CrateClient client, BulkWriter writer) {
    this.client = client;
    this.writer = writer;
  }

  @SuppressWarnings("ReferenceEquality") // Rows of one shape share their names.
  List<RowFailure> write(OpenTable table, List<RowWrite> writes) {
    Map<Group, List<RowWrite>> groups = new LinkedHashMap<>();
    ColumnNames lastColumns = null;
    WriteKind lastKind = null;
    List<RowWrite> lastGroup = new ArrayList<>();
    for (RowWrite write : writes) {
      ColumnNames columns = write.row().columns();
      boolean varied = write.kind() == WriteKind.MERGE || write.kind() == WriteKind.MOVE;
      if (columns != lastColumns || write.kind() != lastKind || varied) {
        lastGroup = groups.computeIfAbsent(group(table, write), key -> new ArrayList<>());
        lastColumns = columns;
        lastKind = write.kind();
      }
      lastGroup.add(write);
    }
    BulkWriter.Run run = writer.run();
    List<RowWrite> moves = new ArrayList<>();
    groups.forEach(
        (group, rows) -> {
          if (group.kind() == WriteKind.MOVE) {
            moves.addAll(rows);
          } else {
            start(run, table, group, rows);
          }
        });
    List<RowFailure> failures = new ArrayList<>(run.await());
    for (RowWrite move : moves) {
      failures.addAll(move(table, move));
    }
    return failures;
  }

  private static Group group(OpenTable table, RowWrite write) {
    boolean partial = write.kind() == WriteKind.MERGE || write.kind() == WriteKind.MOVE;
    ColumnNames columns =
        write.kind() == WriteKind.DELETE ? ColumnNames.of() : write.row().columns();
    return new Group(
        write.kind(),
        columns,
        partial && !table.target().objectData() ? told(table, write.row()) : List.of());
  }

  /** The placed columns of which the row tells a value or NULL. */
  private static List<String> told(OpenTable table, Row row) {
    return table.plan(row.columns()).placed().stream()
        .filter(name -> row.kind(name).hasValue() || row.kind(name) == ValueKind.NULL)
        .toList();
  }

  private static void start(BulkWriter.Run run, OpenTable table, Group group, List<RowWrite> rows) {
    RowPlan plan = table.plan(group.columns());
    RowRenderer renderer = new RowRenderer(plan);
    Statements statements = new Statements(table.target());
    switch (group.kind()) {
      case PUT -> run.add(statements.put(plan.written()), rows, renderer::put, Expect.ONE);
      case MERGE -> run.add(statements.merge(group.told()), rows, renderer::merge, Expect.ONE);
      case DELETE ->
          run.add(
              statements.delete(),
              rows,
              (out, write) -> renderer.key(out, key(write)),
              Expect.AT_MOST_ONE);
      case MOVE, APPEND, REMOVE_ONE ->
          throw new IllegalArgumentException(group.kind() + " is written otherwise");
    }
  }

  private static RowKey key(RowWrite write) {
    RowKey key = write.key();
    if (key == null) {
      throw new IllegalArgumentException(write.kind() + " without a key");
    }
    return key;
  }

  /**
   * Copies the old row inside CrateDB, so that its values pass through no hands; then deletes it.
   * When it is gone, an earlier try or another replay has copied it.
   */
  private List<RowFailure> move(OpenTable table, RowWrite write) {
    RowKey previous = write.previousKey();
    if (previous == null) {
      throw new IllegalArgumentException("MOVE without a previous key");
    }
    Statements statements = new Statements(table.target());
    RowRenderer renderer = new RowRenderer(table.plan(write.row().columns()));
    JsonBuffer body = new JsonBuffer(1 << 10);
    body.raw("{\"stmt\":").string(statements.move(told(table, write.row()))).raw(",\"args\":");
    String problem = renderer.move(body, write, previous);
    if (problem != null) {
      return List.of(new RowFailure(write, problem));
    }
    SqlAnswer answer = client.bulk(body.raw('}').array(), body.size());
    CrateError error = answer.error();
    if (error != null && error.scope() == CrateError.Scope.TABLE) {
      throw new TableTrouble(error);
    }
    if (error != null) {
      return List.of(new RowFailure(write, "CrateDB refused the row: " + error.message()));
    }
    if (answer.rowCount() == 0) {
      RowWrite merge = RowWrite.merge(key(write), write.row());
      BulkWriter.Run run = writer.run();
      start(run, table, group(table, merge), List.of(merge));
      List<RowFailure> failures = run.await();
      if (!failures.isEmpty()) {
        return List.of(new RowFailure(write, failures.get(0).reason()));
      }
    } else if (answer.rowCount() != 1) {
      throw PipelineException.permanent(
          "CrateDB moved " + answer.rowCount() + " rows for one", "Report this as a bug.", null);
    }
    RowWrite delete = RowWrite.delete(previous, write.row());
    BulkWriter.Run run = writer.run();
    start(run, table, group(table, delete), List.of(delete));
    run.await();
    return List.of();
  }
}
