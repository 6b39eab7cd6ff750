package io.dynapipe.verify;

import io.dynapipe.source.postgres.SourceDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table with a column of each type, from {@code all-types/all-types.txt}, and its rows. */
final class AllTypes {

  static final String TABLE = "everything.types";

  /** Ids of rows that are inserted, that are updated to values, and that are updated to NULL. */
  private static final int INSERTED = 1_000;

  private static final int FILLED = 2_000;
  private static final int CLEARED = 3_000;

  /**
   * A column.
   *
   * @param since the first major version of PostgreSQL that has such values
   */
  private record TypedColumn(String type, int since, List<String> samples) {}

  private final List<String> statements = new ArrayList<>();
  private final List<TypedColumn> columns = new ArrayList<>();

  private AllTypes() {}

  /** What a server of this major version knows. */
  static AllTypes of(int major) throws IOException {
    AllTypes all = new AllTypes();
    try (InputStream in =
        Objects.requireNonNull(AllTypes.class.getResourceAsStream("/all-types/all-types.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(all::read);
    }
    all.columns.removeIf(column -> column.since() > major);
    return all;
  }

  private void read(String line) {
    if (line.startsWith("! ")) {
      statements.add(line.substring(2));
    } else if (line.startsWith("= ")) {
      String[] words = line.substring(2).split("\\+ ", 2);
      boolean always = words.length == 1;
      columns.add(
          new TypedColumn(
              always ? words[0] : words[1],
              always ? 0 : Integer.parseInt(words[0]),
              new ArrayList<>()));
    } else if (!line.isBlank() && !line.startsWith("#")) {
      columns.get(columns.size() - 1).samples().add(line);
    }
  }

  List<String> names() {
    return IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).toList();
  }

  String type(String name) {
    return columns.get(Integer.parseInt(name.substring(1))).type();
  }

  /** Makes the table with its rows: one of NULLs, and one for each first, second, ... sample. */
  void create(SourceDatabase source) throws SQLException {
    statements.forEach(statement -> run(source, statement));
    run(source, "CREATE SCHEMA everything");
    String definitions =
        names().stream().map(name -> name + " " + type(name)).collect(Collectors.joining(", "));
    run(source, "CREATE TABLE " + TABLE + " (id int PRIMARY KEY, " + definitions + ")");
    int rows = columns.stream().mapToInt(column -> column.samples().size()).max().orElseThrow();
    run(source, "INSERT INTO " + TABLE + " (id) SELECT generate_series(0, " + rows + ")");
    for (int row = 1; row <= rows; row++) {
      run(source, "UPDATE " + TABLE + " SET " + samples(row) + " WHERE id = " + row);
    }
  }

  private String samples(int row) {
    return names().stream()
        .filter(name -> samplesOf(name).size() >= row)
        .map(name -> name + " = " + samplesOf(name).get(row - 1))
        .collect(Collectors.joining(", "));
  }

  private List<String> samplesOf(String name) {
    return columns.get(Integer.parseInt(name.substring(1))).samples();
  }

  /** The same rows as changes: inserted, updated from NULL, and updated to NULL. */
  void change(SourceDatabase source) {
    String names = String.join(", ", names());
    String copy = "INSERT INTO " + TABLE + " SELECT id + %d, " + names + " FROM " + TABLE;
    String original = " WHERE id < " + INSERTED;
    run(source, copy.formatted(INSERTED) + original);
    run(source, copy.formatted(CLEARED) + original);
    run(source, "INSERT INTO " + TABLE + " (id) SELECT id + 2000 FROM " + TABLE + original);
    run(
        source,
        "UPDATE %s t SET (%s) = (SELECT %s FROM %s WHERE id = t.id - %d) WHERE id >= %d AND id < %d"
            .formatted(TABLE, names, names, TABLE, FILLED, FILLED, CLEARED));
    String nothing = names().stream().map(name -> "NULL").collect(Collectors.joining(", "));
    run(
        source,
        "UPDATE %s SET (%s) = ROW(%s) WHERE id >= %d".formatted(TABLE, names, nothing, CLEARED));
  }

  private static void run(SourceDatabase source, String sql) {
    try {
      source.run(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
    }
  }
}
