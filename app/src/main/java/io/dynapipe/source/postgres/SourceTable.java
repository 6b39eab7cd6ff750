package io.dynapipe.source.postgres;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;

/**
 * A table as the catalogue describes it. Immutable.
 *
 * @param oid stays the same when the table is renamed
 * @param columns those that are replicated: without dropped and without generated ones
 * @param schema the same as the rest of the pipeline sees it; its primary key is the replica
 *     identity's, since only those columns identify old rows
 * @param parts where its rows are stored: itself, or the leaves of a partitioned table
 */
public record SourceTable(
    long oid,
    TableKind kind,
    ReplicaIdentity identity,
    List<SourceColumn> columns,
    TableSchema schema,
    List<StoredPart> parts) {

  /** Copies the lists. */
  public SourceTable {
    columns = List.copyOf(columns);
    parts = List.copyOf(parts);
  }

  public TableName name() {
    return schema.table();
  }

  /** The same table under another name. */
  public SourceTable withName(TableName name) {
    return new SourceTable(oid, kind, identity, columns, schema.withTable(name), parts);
  }

  public ColumnNames columnNames() {
    return schema.columnNames();
  }

  /** Rows as the planner's statistics estimate them; 0 when the table was never analysed. */
  public long estimatedRows() {
    return parts.stream().mapToLong(StoredPart::estimatedRows).sum();
  }

  /** Bytes on disk, without indexes and without TOAST. */
  public long heapBytes() {
    return parts.stream().mapToLong(StoredPart::heapBytes).sum();
  }
}
