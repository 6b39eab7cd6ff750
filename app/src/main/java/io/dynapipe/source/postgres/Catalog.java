package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads table definitions from the system catalogue, over one connection. One thread at a time. */
public final class Catalog {

  private static final int PG14 = 140_000;

  private final Connection connection;
  private final int versionNumber;

  /** Does not close the connection; opened by {@link PostgresConnections#query}. */
  public Catalog(Connection connection, int versionNumber) {
    this.connection = connection;
    this.versionNumber = versionNumber;
  }

  /**
   * The selected tables by name. A partition comes on its own only when its root is not selected,
   * since otherwise its rows are events of the root.
   *
   * @throws PipelineException (input) when a table that must exist does not
   */
  public List<SourceTable> tables(TableSelection selection) {
    try {
      Map<Long, RelationEntry> all = relations();
      requireAll(selection.required(), all.values());
      return describe(chosen(all, selection));
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  /** Names of the selected tables that logical replication sees, by oid. */
  public Map<Long, TableName> replicated(TableSelection selection) {
    try {
      Map<Long, TableName> names = new LinkedHashMap<>();
      for (RelationEntry relation : chosen(relations(), selection).values()) {
        if (relation.kind().isReplicated()) {
          names.put(relation.oid(), relation.name());
        }
      }
      return names;
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  /** The names of some relations; those that do not exist any more are missing. */
  public Map<Long, TableName> names(Collection<Long> oids) {
    try {
      return RelationNames.of(connection, oids);
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  private static Map<Long, RelationEntry> chosen(
      Map<Long, RelationEntry> all, TableSelection selection) {
    Map<Long, RelationEntry> chosen = new LinkedHashMap<>();
    for (RelationEntry relation : all.values()) {
      if (relation.isIn(selection) && !isCoveredByRoot(relation, all, selection)) {
        chosen.put(relation.oid(), relation);
      }
    }
    return chosen;
  }

  /** One table by its oid, as it is now; null when it is gone. */
  public @Nullable SourceTable table(long oid) {
    try {
      RelationEntry relation = relations().get(oid);
      return relation == null ? null : describe(Map.of(oid, relation)).get(0);
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  /** All attributes a table ever had, by number; empty when the table is gone. */
  public List<CatalogAttribute> attributes(long oid) {
    List<CatalogAttribute> attributes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(CatalogSql.ATTRIBUTES)) {
      statement.setLong(1, oid);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          attributes.add(
              new CatalogAttribute(
                  row.getInt("attnum"),
                  row.getString("attname"),
                  row.getLong("atttypid"),
                  row.getBoolean("atthasdef")));
        }
      }
      return attributes;
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  /**
   * A nullable column of a type; text when the type is gone.
   *
   * @param attribute as in {@code pg_attribute}
   */
  public SourceColumn column(String name, int attribute, long typeOid, int typmod) {
    try (PreparedStatement statement = connection.prepareStatement(CatalogSql.TYPE)) {
      statement.setInt(1, typmod);
      statement.setLong(2, typeOid);
      try (ResultSet row = statement.executeQuery()) {
        TypeInfo type = row.next() ? type(row) : new TypeInfo("", "text", -1);
        return new SourceColumn(
            PgTypes.column(name, true, type),
            attribute,
            typeOid,
            typmod,
            PgTypes.format(type.name()));
      }
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  private static TypeInfo type(ResultSet row) throws SQLException {
    return new TypeInfo(
        row.getString("base_name"), row.getString("formatted"), row.getInt("base_typmod"));
  }

  private static boolean isCoveredByRoot(
      RelationEntry relation, Map<Long, RelationEntry> all, TableSelection selection) {
    RelationEntry root = relation.root() == null ? null : all.get(relation.root());
    return root != null && root.isIn(selection);
  }

  private static void requireAll(Set<TableName> required, Collection<RelationEntry> all) {
    Set<TableName> missing = new TreeSet<>(required);
    all.forEach(relation -> missing.remove(relation.name()));
    if (!missing.isEmpty()) {
      throw PipelineException.input(
          "the source has no table "
              + String.join(", ", missing.stream().map(String::valueOf).toList()),
          "Correct the name (letter case counts), or create the table; the role must be allowed to"
              + " connect to that database.");
    }
  }

  private Map<Long, RelationEntry> relations() throws SQLException {
    Map<Long, RelationEntry> relations = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(CatalogSql.RELATIONS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        RelationEntry relation = RelationEntry.read(row);
        relations.put(relation.oid(), relation);
      }
    }
    return relations;
  }

  private List<SourceTable> describe(Map<Long, RelationEntry> relations) throws SQLException {
    if (relations.isEmpty()) {
      return List.of();
    }
    Array oids = connection.createArrayOf("oid", relations.keySet().toArray());
    Map<Long, List<SourceColumn>> columns = columns(oids);
    Map<Long, List<TableKey>> keys = keys(oids);
    Map<Long, List<StoredPart>> parts = parts(oids);
    List<SourceTable> tables = new ArrayList<>(relations.size());
    for (RelationEntry relation : relations.values()) {
      long oid = relation.oid();
      tables.add(
          relation.table(
              columns.getOrDefault(oid, List.of()),
              keys.getOrDefault(oid, List.of()),
              parts.getOrDefault(oid, List.of())));
    }
    return tables;
  }

  private Map<Long, List<SourceColumn>> columns(Array oids) throws SQLException {
    Map<Long, List<SourceColumn>> columns = new HashMap<>();
    each(
        CatalogSql.COLUMNS,
        oids,
        row -> {
          TypeInfo type = type(row);
          SourceColumn column =
              new SourceColumn(
                  PgTypes.column(row.getString("attname"), !row.getBoolean("attnotnull"), type),
                  row.getInt("attnum"),
                  row.getLong("atttypid"),
                  row.getInt("atttypmod"),
                  PgTypes.format(type.name()));
          columns.computeIfAbsent(row.getLong("attrelid"), oid -> new ArrayList<>()).add(column);
        });
    return columns;
  }

  private Map<Long, List<TableKey>> keys(Array oids) throws SQLException {
    Map<Long, List<TableKey>> keys = new HashMap<>();
    each(
        CatalogSql.KEYS,
        oids,
        row -> {
          TableKey key =
              new TableKey(
                  row.getBoolean("indisprimary"),
                  row.getBoolean("indisreplident"),
                  row.getBoolean("indimmediate"),
                  Arrays.stream((Object[]) row.getArray("attnums").getArray())
                      .map(attnum -> ((Number) attnum).intValue())
                      .toList());
          keys.computeIfAbsent(row.getLong("indrelid"), oid -> new ArrayList<>()).add(key);
        });
    return keys;
  }

  private Map<Long, List<StoredPart>> parts(Array oids) throws SQLException {
    Map<Long, List<StoredPart>> parts = new HashMap<>();
    each(
        CatalogSql.PARTS,
        oids,
        row -> {
          long bytes = row.getLong("bytes");
          StoredPart part =
              new StoredPart(
                  new TableName(row.getString("nspname"), row.getString("relname")),
                  bytes / row.getInt("page_bytes"),
                  bytes,
                  row.getLong("estimated_rows"),
                  row.getBoolean("toasted"),
                  row.getBoolean("heap") && versionNumber >= PG14);
          parts.computeIfAbsent(row.getLong("root"), oid -> new ArrayList<>()).add(part);
        });
    return parts;
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void each(String sql, Array oids, RowReader reader) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, oids);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          reader.read(row);
        }
      }
    }
  }
}
