package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.ValueFormat;
import io.dynapipe.source.postgres.ValueRenderer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes rows from the tuples of one relation. One thread at a time. */
final class TableShape {

  /** Beyond this a row's buffer is not kept, or each table's largest row would stay in memory. */
  private static final int KEPT_BYTES = 1 << 20;

  private final TableSchema schema;
  private final ColumnNames names;
  private final ColumnNames keyNames;
  private final ValueFormat[] formats;
  private final boolean[] identity;
  private final int[] keyColumns;
  private RowBuilder rows = new RowBuilder();

  /**
   * The shape of a relation.
   *
   * @param table the definition that events carry
   * @param tupleColumns the columns that tuples have, in their order
   * @param identity for each of them, whether old rows tell it
   */
  TableShape(SourceTable table, List<SourceColumn> tupleColumns, boolean[] identity) {
    this.schema = table.schema();
    this.names = ColumnNames.of(tupleColumns.stream().map(SourceColumn::name).toList());
    this.formats = tupleColumns.stream().map(SourceColumn::format).toArray(ValueFormat[]::new);
    this.identity = identity;
    this.keyColumns =
        schema.primaryKey().stream().mapToInt(names::indexOf).filter(i -> i >= 0).toArray();
    this.keyNames =
        ColumnNames.of(java.util.Arrays.stream(keyColumns).mapToObj(names::name).toList());
  }

  TableName name() {
    return schema.table();
  }

  TableSchema schema() {
    return schema;
  }

  int size() {
    return formats.length;
  }

  /**
   * A new row. A TOASTed value that the update did not touch is taken from the old row where that
   * tells it.
   */
  Row row(Tuple tuple, @Nullable Tuple old, boolean oldIsWhole) {
    rows.begin(names);
    for (int i = 0; i < formats.length; i++) {
      boolean oldTells = tuple.kind(i) == Tuple.UNCHANGED && (oldIsWhole || identity[i]);
      add(old != null && oldTells ? old : tuple, i);
    }
    return built();
  }

  /** What is known of an old row; ABSENT where the replica identity does not tell. */
  Row oldRow(Tuple old, boolean oldIsWhole) {
    rows.begin(names);
    for (int i = 0; i < formats.length; i++) {
      if (oldIsWhole || identity[i]) {
        add(old, i);
      } else {
        rows.addAbsent();
      }
    }
    return built();
  }

  /**
   * The before image of an update, or null when there is none to tell. Without a key it is the
   * whole old row, since nothing else finds it.
   */
  @Nullable Row before(Tuple old, boolean oldIsWhole, Tuple row, BeforeImage wanted) {
    if (keyColumns.length == 0 || (wanted == BeforeImage.ALL && oldIsWhole)) {
      return oldRow(old, oldIsWhole);
    }
    boolean changed = false;
    for (int column : keyColumns) {
      changed |= row.kind(column) != Tuple.UNCHANGED && !old.sameValue(column, row);
    }
    if (!changed && wanted == BeforeImage.KEY) {
      return null;
    }
    rows.begin(keyNames);
    for (int column : keyColumns) {
      add(old, column);
    }
    return built();
  }

  private Row built() {
    Row row = rows.build();
    if (row.byteSize() > KEPT_BYTES) {
      rows = new RowBuilder();
    }
    return row;
  }

  private void add(Tuple tuple, int column) {
    switch (tuple.kind(column)) {
      case Tuple.NULL -> rows.addNull();
      case Tuple.UNCHANGED -> rows.addUnchanged();
      default ->
          ValueRenderer.render(
              formats[column], tuple.bytes(), tuple.start(column), tuple.length(column), rows);
    }
  }
}
