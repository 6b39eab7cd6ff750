package io.dynapipe.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a table's definition, or of all its rows at once.
 *
 * @param table the table's name after the change
 * @param schema the definition after the change; null for drop and truncate, and where the record
 *     came without one
 * @param previousTable RENAME_TABLE only: the name before
 * @param renamedColumns new name by old name; empty unless columns were renamed
 */
public record TableChange(
    TableName table,
    TableOperation operation,
    @Nullable TableSchema schema,
    @Nullable TableName previousTable,
    Map<String, String> renamedColumns,
    Origin origin,
    Extras extras)
    implements ChangeEvent {

  public TableChange {
    renamedColumns = Collections.unmodifiableMap(new LinkedHashMap<>(renamedColumns));
    if (schema != null && !schema.table().equals(table)) {
      throw new IllegalArgumentException("definition of " + schema.table() + " given for " + table);
    }
  }

  public static TableChange create(TableSchema schema, Origin origin) {
    return of(TableOperation.CREATE_TABLE, schema, origin);
  }

  /** A change that the new definition tells in full. */
  public static TableChange of(TableOperation operation, TableSchema schema, Origin origin) {
    return new TableChange(schema.table(), operation, schema, null, Map.of(), origin, Extras.NONE);
  }

  public static TableChange drop(TableName table, Origin origin) {
    return new TableChange(
        table, TableOperation.DROP_TABLE, null, null, Map.of(), origin, Extras.NONE);
  }

  public static TableChange truncate(TableName table, Origin origin) {
    return new TableChange(
        table, TableOperation.TRUNCATE_TABLE, null, null, Map.of(), origin, Extras.NONE);
  }

  public static TableChange renameTable(TableName previous, TableSchema schema, Origin origin) {
    return new TableChange(
        schema.table(),
        TableOperation.RENAME_TABLE,
        schema,
        previous,
        Map.of(),
        origin,
        Extras.NONE);
  }

  public static TableChange renameColumns(
      Map<String, String> newByOld, TableSchema schema, Origin origin) {
    return new TableChange(
        schema.table(), TableOperation.RENAME_COLUMN, schema, null, newByOld, origin, Extras.NONE);
  }
}
