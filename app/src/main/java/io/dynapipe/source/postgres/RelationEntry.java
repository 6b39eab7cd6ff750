package io.dynapipe.source.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.TableSelection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pg_class}.
 *
 * @param root oid of the partitioned table that this is a part of; null when it is none
 * @param identity {@code relreplident}
 */
record RelationEntry(long oid, TableName name, TableKind kind, char identity, @Nullable Long root) {

  static RelationEntry read(ResultSet row) throws SQLException {
    long root = row.getLong("root");
    Long rootOrNull = row.wasNull() ? null : (Long) root;
    return new RelationEntry(
        row.getLong("oid"),
        new TableName(row.getString("nspname"), row.getString("relname")),
        kind(row.getString("relkind"), row.getString("relpersistence")),
        row.getString("relreplident").charAt(0),
        rootOrNull);
  }

  private static TableKind kind(String relkind, String persistence) {
    return switch (relkind) {
      case "p" -> TableKind.PARTITIONED;
      case "v", "m" -> TableKind.VIEW;
      case "f" -> TableKind.FOREIGN;
      default -> "u".equals(persistence) ? TableKind.UNLOGGED : TableKind.TABLE;
    };
  }

  boolean isIn(TableSelection selection) {
    return selection.includes(name, kind == TableKind.VIEW);
  }

  SourceTable table(List<SourceColumn> columns, List<TableKey> keys, List<StoredPart> parts) {
    TableKey used = used(keys);
    List<String> keyNames = used == null ? List.of() : names(used, columns);
    TableSchema schema =
        new TableSchema(name, columns.stream().map(SourceColumn::column).toList(), keyNames);
    ReplicaIdentity replicaIdentity = identity(used, !keyNames.isEmpty());
    return new SourceTable(oid, kind, replicaIdentity, columns, schema, parts);
  }

  /** The index by which rows are told apart: the replica identity's, else the primary key. */
  private @Nullable TableKey used(List<TableKey> keys) {
    TableKey primary = null;
    for (TableKey key : keys) {
      if (identity == 'i' && key.identity()) {
        return key;
      }
      primary = key.primary() ? key : primary;
    }
    return primary;
  }

  private ReplicaIdentity identity(@Nullable TableKey used, boolean keyIsReplicated) {
    if (identity == 'f') {
      return ReplicaIdentity.FULL;
    }
    if (used == null || !keyIsReplicated || !used.immediate() || identity == 'n') {
      return ReplicaIdentity.NOTHING;
    }
    if (identity == 'i') {
      return used.identity() && !used.primary()
          ? ReplicaIdentity.INDEX
          : used.identity() ? ReplicaIdentity.PRIMARY_KEY : ReplicaIdentity.NOTHING;
    }
    return ReplicaIdentity.PRIMARY_KEY;
  }

  /** The key's names in key order; none when one of them is not replicated (generated). */
  private static List<String> names(TableKey key, List<SourceColumn> columns) {
    List<String> names = new ArrayList<>();
    for (int attribute : key.attributes()) {
      columns.stream()
          .filter(column -> column.attribute() == attribute)
          .forEach(column -> names.add(column.name()));
    }
    return names.size() == key.attributes().size() ? names : List.of();
  }
}
