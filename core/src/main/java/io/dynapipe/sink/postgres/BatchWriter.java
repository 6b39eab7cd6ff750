package io.dynapipe.sink.postgres;

import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Applies writes to one table inside a transaction. At first it assumes that all rows are good;
 * when the server refuses one, it starts again with a savepoint around each statement and halves
 * the rows of a refused statement until the bad one stands alone.
 */
final class BatchWriter {

  /** Enough to make the statement's own cost small, and little enough for memory on both sides. */
  private static final int MAX_STATEMENT_BYTES = 8 << 20;

  private static final int MAX_STATEMENT_ROWS = 20_000;

  /** Rows that leave a key make room before others take it. */
  private static final List<WriteKind> KEYED =
      List.of(WriteKind.DELETE, WriteKind.MOVE, WriteKind.PUT, WriteKind.MERGE);

  private final Connection connection;
  private final TargetTable table;
  private final RowFormat format;
  private final boolean isolates;
  private final List<RowFailure> failures = new ArrayList<>();

  private BatchWriter(Connection connection, TargetTable table, boolean isolates) {
    this.connection = connection;
    this.table = table;
    this.format = RowFormat.of(table);
    this.isolates = isolates;
  }

  /** Applies the writes and answers those that the target can never hold. */
  static List<RowFailure> write(Connection connection, TargetTable table, List<RowWrite> writes)
      throws SQLException {
    Savepoint start = connection.setSavepoint();
    try {
      BatchWriter plain = new BatchWriter(connection, table, false);
      plain.apply(writes);
      return plain.failures;
    } catch (SQLException e) {
      if (!SqlErrors.isRowError(e)) {
        throw e;
      }
      connection.rollback(start);
      BatchWriter isolating = new BatchWriter(connection, table, true);
      isolating.apply(writes);
      return isolating.failures;
    }
  }

  private void apply(List<RowWrite> writes) throws SQLException {
    Map<WriteKind, List<RowWrite>> byKind = new EnumMap<>(WriteKind.class);
    List<RowWrite> keyless = new ArrayList<>();
    for (RowWrite write : writes) {
      if (write.key() == null) {
        keyless.add(write);
      } else {
        byKind.computeIfAbsent(write.kind(), kind -> new ArrayList<>()).add(write);
      }
    }
    for (WriteKind kind : KEYED) {
      applyGroups(byKind.getOrDefault(kind, List.of()));
    }
    if (!keyless.isEmpty()) {
      lockEvents();
      for (List<RowWrite> run : KeylessOrder.runs(keyless)) {
        applyGroups(run);
      }
    }
  }

  /** Two transactions that remove equal rows at the same time would choose the same row. */
  private void lockEvents() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtext('dynapipe'), " + (int) table.record().id() + ")");
    }
  }

  private void applyGroups(List<RowWrite> writes) throws SQLException {
    Map<Object, List<RowWrite>> groups = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      groups.computeIfAbsent(format.group(write), group -> new ArrayList<>()).add(write);
    }
    for (List<RowWrite> group : groups.values()) {
      applyGroup(group);
    }
  }

  private void applyGroup(List<RowWrite> writes) throws SQLException {
    List<RowWrite> staged = new ArrayList<>();
    RowBatch batch = format.begin(writes.get(0));
    for (RowWrite write : writes) {
      String refusal = batch.add(write);
      if (refusal != null) {
        failures.add(new RowFailure(write, refusal));
        continue;
      }
      staged.add(write);
      if (batch.rows() >= MAX_STATEMENT_ROWS || batch.byteSize() >= MAX_STATEMENT_BYTES) {
        execute(batch, staged);
        staged = new ArrayList<>();
        batch = format.begin(writes.get(0));
      }
    }
    execute(batch, staged);
  }

  private void execute(RowBatch batch, List<RowWrite> staged) throws SQLException {
    if (staged.isEmpty()) {
      return;
    }
    if (!isolates) {
      batch.execute(connection);
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      batch.execute(connection);
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      if (!SqlErrors.isRowError(e)) {
        throw e;
      }
      connection.rollback(before);
      connection.releaseSavepoint(before);
      split(staged, e);
    }
  }

  private void split(List<RowWrite> writes, SQLException refusal) throws SQLException {
    if (writes.size() == 1) {
      failures.add(new RowFailure(writes.get(0), SqlErrors.reason(refusal)));
      return;
    }
    int half = writes.size() / 2;
    for (List<RowWrite> part :
        List.of(writes.subList(0, half), writes.subList(half, writes.size()))) {
      RowBatch batch = format.begin(part.get(0));
      part.forEach(batch::add);
      execute(batch, part);
    }
  }
}
