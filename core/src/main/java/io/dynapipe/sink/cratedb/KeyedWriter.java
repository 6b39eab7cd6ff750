package io.dynapipe.sink.cratedb;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowKey;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes tables whose rows CrateDB finds by a primary key, which sees every write at once. */
final class KeyedWriter {

  /** Rows of one kind and shape go by one statement. */
  private record Group(WriteKind kind, ColumnNames columns, List<String> told) {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Group group
          && kind == group.kind
          && columns.equals(group.columns)
          && told.equals(group.told);
    }

    @Override
    public int hashCode() {
      return (kind.hashCode() * 31 + columns.hashCode()) * 31 + told.hashCode();
    }
  }

  private final BulkWriter writer;
  private final RowMover mover;

  KeyedWriter(CrateClient client, BulkWriter writer) {
    this.writer = writer;
    this.mover = new RowMover(client, writer);
  }

  List<RowFailure> write(OpenTable table, List<RowWrite> writes) {
    List<RowWrite> moves = new ArrayList<>();
    List<RowWrite> others = new ArrayList<>(writes.size());
    for (RowWrite write : writes) {
      (write.kind() == WriteKind.MOVE ? moves : others).add(write);
    }
    List<RowFailure> failures = new ArrayList<>(begin(table, others).await());
    for (RowWrite move : moves) {
      failures.addAll(mover.move(table, move));
    }
    return failures;
  }

  /** Starts writing rows none of which is a MOVE. */
  Sink.Begun begin(OpenTable table, List<RowWrite> writes) {
    BulkWriter.Run run = writer.run();
    boolean started = false;
    try {
      groups(table, writes).forEach((group, rows) -> start(run, table, group, rows));
      started = true;
    } finally {
      if (!started) {
        // None may be on its way when the caller writes these rows again.
        run.abandon();
      }
    }
    return run::await;
  }

  @SuppressWarnings("ReferenceEquality") // Rows of one shape share their names.
  private static Map<Group, List<RowWrite>> groups(OpenTable table, List<RowWrite> writes) {
    Map<Group, List<RowWrite>> groups = new LinkedHashMap<>();
    ColumnNames lastColumns = null;
    WriteKind lastKind = null;
    List<RowWrite> lastGroup = new ArrayList<>();
    for (RowWrite write : writes) {
      ColumnNames columns = write.row().columns();
      boolean varied = write.kind() == WriteKind.MERGE;
      if (columns != lastColumns || write.kind() != lastKind || varied) {
        lastGroup = groups.computeIfAbsent(group(table, write), key -> new ArrayList<>());
        lastColumns = columns;
        lastKind = write.kind();
      }
      lastGroup.add(write);
    }
    return groups;
  }

  private static Group group(OpenTable table, RowWrite write) {
    boolean partial = write.kind() == WriteKind.MERGE;
    ColumnNames columns =
        write.kind() == WriteKind.DELETE ? ColumnNames.of() : write.row().columns();
    return new Group(
        write.kind(),
        columns,
        partial && !table.target().objectData()
            ? table.plan(write.row().columns()).told(write.row())
            : List.of());
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
}
