package io.dynapipe.lambda;

/** DMS messages about a table {@code public.NAME (id INT PRIMARY KEY, name TEXT)}. */
final class Messages {

  private final String table;

  Messages(String table) {
    this.table = table;
  }

  String create() {
    return create("id");
  }

  /** With this column as the primary key. */
  String create(String key) {
    return control("create-table", "\"name\":{\"type\":\"STRING\",\"nullable\":true}", key);
  }

  String drop() {
    return control("drop-table", "\"name\":{\"type\":\"STRING\",\"nullable\":true}", "id");
  }

  /** A definition with one more column. */
  String addColumn() {
    return control(
        "add-column",
        "\"name\":{\"type\":\"STRING\",\"nullable\":true},"
            + "\"late\":{\"type\":\"STRING\",\"nullable\":true}",
        "id");
  }

  private String control(String operation, String columns, String key) {
    return """
    {"control":{"table-def":{"columns":{"id":{"type":"INT32","nullable":false},%s},\
    "primary-key":["%s"]}},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
    "record-type":"control","operation":"%s","partition-key-type":"task-id",\
    "schema-name":"public","table-name":"%s"}}\
    """
        .formatted(columns, key, operation, table);
  }

  String insert(Object id, String name) {
    return row("insert", "\"id\":" + id + ",\"name\":\"" + name + "\"");
  }

  String update(Object id, String name) {
    return row("update", "\"id\":" + id + ",\"name\":\"" + name + "\"");
  }

  String row(String operation, String members) {
    return """
    {"data":{%s},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z","record-type":"data",\
    "operation":"%s","partition-key-type":"primary-key","schema-name":"public",\
    "table-name":"%s"}}\
    """
        .formatted(members, operation, table);
  }
}
