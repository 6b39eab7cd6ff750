package io.dynapipe.source.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of {@code types/}; its README tells the form. */
record TypeGolden(List<String> statements, List<TypedColumn> columns) {

  /**
   * A column and the values that go through it.
   *
   * @param type the SQL type
   * @param expected what the catalogue reader should make of it
   */
  record TypedColumn(String type, Column expected, List<Sample> samples) {}

  /**
   * A value.
   *
   * @param expected its kind and text, as {@link #describe} prints them
   */
  record Sample(String expression, String expected) {}

  static TypeGolden read(Path file) throws IOException {
    List<String> statements = new ArrayList<>();
    List<TypedColumn> columns = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("! ")) {
        statements.add(line.substring(2));
      } else if (line.startsWith("= ")) {
        columns.add(column(line.substring(2)));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        int arrow = line.lastIndexOf(" -> ");
        String expected = line.substring(arrow + 4).translateEscapes();
        columns
            .get(columns.size() - 1)
            .samples()
            .add(new Sample(line.substring(0, arrow), expected));
      }
    }
    return new TypeGolden(statements, columns);
  }

  /** Kind and text of a row's column. */
  static String describe(Row row, String column) {
    @Nullable String text = row.text(column);
    return text == null ? row.kind(column).name() : row.kind(column) + " " + text;
  }

  private static TypedColumn column(String line) {
    String[] sides = line.split(" -> ");
    String[] words = sides[1].split(" ");
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] option = words[i].split("=", 2);
      options.put(option[0], option[1].replace('␣', ' '));
    }
    Column column =
        new Column(
            "c",
            DataType.valueOf(words[0]),
            number(options.get("length")),
            true,
            options.getOrDefault("source", sides[0]),
            number(options.get("precision")),
            number(options.get("scale")));
    return new TypedColumn(sides[0], column, new ArrayList<>());
  }

  private static @Nullable Integer number(@Nullable String text) {
    return text == null ? null : Integer.valueOf(text);
  }
}
