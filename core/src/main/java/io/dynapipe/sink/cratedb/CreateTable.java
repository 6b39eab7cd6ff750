package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Renders the statements that make a table of ours and add columns to any. */
final class CreateTable {

  /** Members of {@code pk} in tables whose source has no key. */
  static final String EVENT = "event";

  static final String ROW = "row";

  /** CrateDB's default limit of columns and sub-columns in a table. */
  private static final int MAX_COLUMNS = 1_000;

  private static final String LIMIT_OPTION = "mapping.total_fields.limit";

  private final CrateSettings.Tables options;

  CreateTable(CrateSettings.Tables options) {
    this.options = options;
  }

  /** Columns and sub-columns that a table may have. */
  int maxColumns() {
    String limit = options.options().get(LIMIT_OPTION);
    return limit == null ? MAX_COLUMNS : Integer.parseInt(limit.trim());
  }

  /** The statement for a table of ours. */
  String statement(TableName name, TableSchema source, Layout layout) {
    List<String> parts = new ArrayList<>();
    boolean columns = layout == Layout.COLUMNS && source.hasPrimaryKey();
    if (!columns) {
      parts.add(pk(source));
    }
    int used = columns ? 1 : 2 + Math.max(2, source.primaryKey().size());
    List<String> values = values(source, layout, maxColumns() - used - 1);
    if (layout == Layout.COLUMNS) {
      parts.addAll(values);
    } else {
      parts.add(
          "data object(dynamic)"
              + (values.isEmpty() ? "" : " as (" + String.join(", ", values) + ")"));
    }
    parts.add("aux object(ignored)");
    if (columns) {
      parts.add("primary key (" + String.join(", ", keyIdentifiers(source)) + ")");
    }
    return "CREATE TABLE IF NOT EXISTS "
        + SqlText.table(name)
        + " ("
        + String.join(", ", parts)
        + ")"
        + storage(source, columns);
  }

  private static String pk(TableSchema source) {
    List<String> members = new ArrayList<>();
    for (String name : source.primaryKey()) {
      Column column = source.column(name);
      members.add(
          SqlText.identifier(CrateNames.keyMember(name))
              + " "
              + (column == null ? CrateType.TEXT : CrateTypes.key(column)).ddl()
              + " primary key");
    }
    if (members.isEmpty()) {
      members.add(SqlText.identifier(EVENT) + " text primary key");
      members.add(SqlText.identifier(ROW) + " text");
    }
    return "pk object(strict) as (" + String.join(", ", members) + ")";
  }

  private List<String> values(TableSchema source, Layout layout, int max) {
    List<String> declared = new ArrayList<>();
    for (Column column : source.columns()) {
      boolean key = source.primaryKey().contains(column.name());
      CrateType type = type(source, column, layout);
      if (type != null && (declared.size() < max || (key && layout == Layout.COLUMNS))) {
        String name =
            key && layout == Layout.COLUMNS
                ? CrateNames.keyColumn(source, column.name())
                : column.name();
        declared.add(SqlText.identifier(name) + " " + type.ddl());
      }
    }
    return declared;
  }

  private @Nullable CrateType type(TableSchema source, Column column, Layout layout) {
    boolean key = source.primaryKey().contains(column.name());
    return switch (layout) {
      case DOCUMENT -> place(source.table(), column, true, true);
      case UNIVERSAL -> key ? null : place(source.table(), column, true, true);
      case COLUMNS -> key ? CrateTypes.key(column) : place(source.table(), column, false, true);
    };
  }

  /**
   * The type for a source column in a table that may get a column for it; null when it gets none,
   * or when a value has to decide first.
   *
   * @param object whether it would be a member of {@code data}
   * @param aux whether the table has {@code aux}
   */
  @Nullable CrateType place(TableName source, Column column, boolean object, boolean aux) {
    boolean refused =
        object
            ? CrateNames.refusedInObject(column.name())
                || column.name().equals(TargetTable.AUX_MEMBER)
            : CrateNames.refusedAsColumn(column.name())
                || column.name().equals("aux")
                || column.name().equals("pk");
    if (refused) {
      return null;
    }
    return isJson(source, column) ? CrateType.OBJECT_IGNORED : CrateTypes.member(column, aux);
  }

  /** Whether the source or COLUMN_TYPES says that a column holds JSON. */
  boolean isJson(TableName source, Column column) {
    return column.isJson() || options.jsonColumns().contains(source + "." + column.name());
  }

  private static List<String> keyIdentifiers(TableSchema source) {
    return source.primaryKey().stream()
        .map(name -> SqlText.identifier(CrateNames.keyColumn(source, name)))
        .toList();
  }

  private String storage(TableSchema source, boolean columns) {
    StringBuilder sql = new StringBuilder();
    if (options.shards() != null) {
      sql.append(" CLUSTERED INTO ").append(options.shards()).append(" SHARDS");
    }
    List<String> partitions = new ArrayList<>();
    for (String name : options.partitionBy()) {
      if (source.primaryKey().contains(name)) {
        partitions.add(
            columns
                ? SqlText.identifier(CrateNames.keyColumn(source, name))
                : SqlText.member("pk", CrateNames.keyMember(name)));
      }
    }
    if (!partitions.isEmpty()) {
      sql.append(" PARTITIONED BY (").append(String.join(", ", partitions)).append(')');
    }
    Map<String, String> with = new TreeMap<>(options.options());
    if (options.replicas() != null) {
      with.put("number_of_replicas", SqlText.literal(options.replicas()));
    }
    if (!with.isEmpty()) {
      List<String> settings = new ArrayList<>();
      with.forEach((name, value) -> settings.add(SqlText.identifier(name) + " = " + value));
      sql.append(" WITH (").append(String.join(", ", settings)).append(')');
    }
    return sql.toString();
  }

  /** The statement that adds columns for source columns. */
  static String addColumns(TargetTable table, Map<String, CrateType> types) {
    List<String> adds = new ArrayList<>();
    types.forEach(
        (name, type) -> adds.add("ADD COLUMN " + table.reference(name) + " " + type.ddl()));
    return "ALTER TABLE " + table.sql() + " " + String.join(", ", adds);
  }
}
