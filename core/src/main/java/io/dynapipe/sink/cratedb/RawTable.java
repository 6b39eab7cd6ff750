package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table's definition as CrateDB's catalogues tell it.
 *
 * @param columns types of the columns by name, in order
 * @param generated expressions of generated columns by column name
 * @param primaryKey paths of the key's columns: {@code [pk, id]}, {@code [id]}
 * @param size columns and sub-columns
 */
record RawTable(
    TableName name,
    Map<String, CrateType> columns,
    Map<String, String> generated,
    List<List<String>> primaryKey,
    int size) {

  /** A column while its sub-columns are being collected. */
  private static final class Node {
    private final String type;
    private final CrateType.Policy policy;
    private final int precision;
    private final Map<String, Node> members = new LinkedHashMap<>();

    Node(String type, CrateType.Policy policy, int precision) {
      this.type = type;
      this.policy = policy;
      this.precision = precision;
    }
  }

  /** Reads the definition, or null when there is no such table. */
  static @Nullable RawTable read(CrateClient client, TableName name) {
    SqlAnswer columns = columns(client, name);
    if (columns.rows().isEmpty()) {
      client.awaitStarted();
      columns = columns(client, name);
    }
    if (columns.rows().isEmpty()) {
      return null;
    }
    // Only this catalogue names sub-columns of a key; key_column_usage is wrong about them.
    SqlAnswer key =
        client.execute(
            "SELECT a.attname FROM pg_catalog.pg_class r"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace"
                + " JOIN pg_catalog.pg_constraint c ON c.conrelid = r.oid"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid"
                + " WHERE c.contype = 'p' AND a.attnum = ANY(c.conkey)"
                + " AND n.nspname = ? AND r.relname = ?",
            name.schema(),
            name.name());
    return of(name, columns.rows(), key.rows(), ddl(client, name));
  }

  private static SqlAnswer columns(CrateClient client, TableName name) {
    return client.execute(
        "SELECT column_details, data_type, character_maximum_length, numeric_precision,"
            + " generation_expression, column_name FROM information_schema.columns"
            + " WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
        name.schema(),
        name.name());
  }

  /**
   * The statement that would make the table: the only place that tells a NUMERIC's scale and a
   * TEXT's index. CrateDB fails to print some tables; then both count as unknown.
   */
  private static String ddl(CrateClient client, TableName name) {
    SqlAnswer shown = client.attempt("SHOW CREATE TABLE " + SqlText.table(name));
    return shown.error() == null && !shown.rows().isEmpty()
        ? String.valueOf(shown.rows().get(0).get(0))
        : "";
  }

  private static RawTable of(
      TableName name,
      List<List<@Nullable Object>> columns,
      List<List<@Nullable Object>> key,
      String ddl) {
    Map<String, Node> roots = new LinkedHashMap<>();
    Map<String, String> generated = new LinkedHashMap<>();
    Map<String, List<String>> paths = new LinkedHashMap<>();
    List<List<@Nullable Object>> ordered = new ArrayList<>(columns);
    // Parents first, whatever the order of their making.
    ordered.sort(java.util.Comparator.comparingInt(row -> path(row.get(0)).size()));
    for (List<@Nullable Object> row : ordered) {
      List<String> path = path(row.get(0));
      paths.put(String.valueOf(row.get(5)), path);
      add(roots, path, node(row));
      Object expression = row.get(4);
      if (expression != null && path.size() == 1) {
        generated.put(path.get(0), expression.toString());
      }
    }
    Map<String, CrateType> types = new LinkedHashMap<>();
    roots.forEach((column, node) -> types.put(column, type(column, node, node.type, ddl)));
    List<List<String>> primaryKey =
        key.stream().map(row -> paths.get(String.valueOf(row.get(0)))).toList();
    return new RawTable(name, types, generated, primaryKey, columns.size());
  }

  private static List<String> path(@Nullable Object details) {
    Map<?, ?> map = (Map<?, ?>) java.util.Objects.requireNonNull(details, "column_details");
    List<String> path = new ArrayList<>();
    path.add(String.valueOf(map.get("name")));
    if (map.get("path") instanceof List<?> members) {
      members.forEach(member -> path.add(String.valueOf(member)));
    }
    return path;
  }

  private static Node node(List<@Nullable Object> row) {
    Object policy = row.get(0) instanceof Map<?, ?> details ? details.get("policy") : null;
    Object length = row.get(2) == null ? row.get(3) : row.get(2);
    return new Node(
        String.valueOf(row.get(1)),
        policy == null
            ? CrateType.Policy.STRICT
            : CrateType.Policy.valueOf(policy.toString().toUpperCase(Locale.ROOT)),
        length == null ? 0 : ((java.math.BigDecimal) length).intValue());
  }

  private static void add(Map<String, Node> roots, List<String> path, Node node) {
    Map<String, Node> members = roots;
    for (String name : path.subList(0, path.size() - 1)) {
      Node parent = members.get(name);
      if (parent == null) {
        return;
      }
      members = parent.members;
    }
    members.put(path.get(path.size() - 1), node);
  }

  private static CrateType type(String name, Node node, String type, String ddl) {
    if (type.endsWith("_array")) {
      String element = type.substring(0, type.length() - "_array".length());
      return CrateType.array(type(name, node, element, ddl));
    }
    return switch (type) {
      case "object" -> {
        Map<String, CrateType> members = new LinkedHashMap<>();
        node.members.forEach((key, value) -> members.put(key, type(key, value, value.type, ddl)));
        yield CrateType.object(node.policy, members);
      }
      case "numeric" -> CrateType.numeric(node.precision, scale(name, node.precision, ddl));
      case "text" ->
          new CrateType(
              CrateType.Kind.TEXT,
              node.precision,
              0,
              isLongText(name, ddl),
              CrateType.Policy.STRICT,
              Map.of(),
              null);
      case "character" ->
          new CrateType(
              CrateType.Kind.CHARACTER,
              node.precision,
              0,
              false,
              CrateType.Policy.STRICT,
              Map.of(),
              null);
      case "timestamp without time zone" -> CrateType.TIMESTAMP;
      default -> simple(type);
    };
  }

  private static CrateType simple(String type) {
    for (CrateType.Kind kind : CrateType.Kind.values()) {
      if (kind.sql().equals(type) && kind != CrateType.Kind.ARRAY) {
        return CrateType.of(kind);
      }
    }
    return CrateType.of(CrateType.Kind.OTHER);
  }

  /** The smallest scale of any NUMERIC of that name and precision, or -1 when none is found. */
  private static int scale(String name, int precision, String ddl) {
    Matcher matcher =
        Pattern.compile(
                Pattern.quote(SqlText.identifier(name))
                    + " (?:ARRAY\\()*NUMERIC\\("
                    + precision
                    + ", ?(\\d+)\\)")
            .matcher(ddl);
    int scale = -1;
    while (matcher.find()) {
      int found = Integer.parseInt(matcher.group(1));
      scale = scale < 0 ? found : Math.min(scale, found);
    }
    return scale;
  }

  /** Whether every TEXT of that name has neither index nor column store. */
  private static boolean isLongText(String name, String ddl) {
    Matcher matcher =
        Pattern.compile(
                Pattern.quote(SqlText.identifier(name))
                    + " TEXT( INDEX OFF STORAGE WITH \\(\\s*columnstore = false\\s*\\))?")
            .matcher(ddl);
    boolean any = false;
    while (matcher.find()) {
      if (matcher.group(1) == null) {
        return false;
      }
      any = true;
    }
    return any;
  }
}
