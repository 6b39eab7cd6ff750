package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A target table as it is: what the catalogue tells and what {@code dynapipe.tables} adds to it.
 * Immutable.
 *
 * @param name the target's own name, which differs from the source's for tables without schema
 * @param oid the catalogue's identity of the table
 * @param uniqueKeys column sets that ON CONFLICT can name
 */
record TargetTable(
    TableRecord record,
    TableName name,
    long oid,
    List<TargetColumn> columns,
    List<Set<String>> uniqueKeys) {

  static final String KEY = "pk";
  static final String DATA = "data";
  static final String AUX = "aux";

  TargetTable {
    columns = List.copyOf(columns);
    uniqueKeys = List.copyOf(uniqueKeys);
  }

  /** The same table with another record. */
  TargetTable withRecord(TableRecord newRecord) {
    return new TargetTable(newRecord, name, oid, columns, uniqueKeys);
  }

  /** The qualified name, quoted. */
  String sql() {
    return Sql.table(name);
  }

  Layout layout() {
    return record.layout();
  }

  @Nullable TableSchema definition() {
    return record.definition();
  }

  /** The column of this name, or null. */
  @Nullable TargetColumn column(String columnName) {
    for (TargetColumn column : columns) {
      if (column.name().equals(columnName)) {
        return column;
      }
    }
    return null;
  }

  /** Whether there is such a column, of type jsonb. */
  boolean isJsonb(String columnName) {
    TargetColumn column = column(columnName);
    return column != null && column.type().kind() == ColumnType.Kind.JSONB;
  }

  /** Where exact texts go, or null when the table has no such column. */
  @Nullable String auxColumn() {
    String aux = layout() == Layout.COLUMNS ? record.auxColumn() : AUX;
    return aux != null && isJsonb(aux) ? aux : null;
  }

  /** Whether ON CONFLICT can name exactly these columns. */
  boolean isUnique(List<String> names) {
    return uniqueKeys.contains(Set.copyOf(names));
  }
}
