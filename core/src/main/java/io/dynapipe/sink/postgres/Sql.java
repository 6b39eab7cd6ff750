package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names and texts inside SQL. */
final class Sql {

  /** Longer names are cut by the server with no more than a notice ({@code NAMEDATALEN} - 1). */
  private static final int MAX_NAME_BYTES = 63;

  private Sql() {}

  /** A quoted identifier. */
  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A qualified, quoted table name. */
  static String table(TableName table) {
    return name(table.schema()) + "." + name(table.name());
  }

  /** A string constant; {@code standard_conforming_strings} is on in every session of ours. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A constant of type {@code text[]}. */
  static String texts(Collection<String> texts) {
    return texts.isEmpty()
        ? "'{}'::text[]"
        : texts.stream().map(Sql::text).collect(Collectors.joining(", ", "ARRAY[", "]"));
  }

  /** Whether PostgreSQL can give a table or column this very name. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.indexOf('\0') < 0
        && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
  }
}
