package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dynapipe.event.RowChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value of the golden files, through full load and through CDC. */
final class TypeGoldenIT {

  static Stream<String> files() throws Exception {
    Path folder = Path.of(Objects.requireNonNull(TypeGoldenIT.class.getResource("/types")).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("README"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void valuesAreRenderedTheSameByLoadAndStream(String file) throws Exception {
    TypeGolden golden =
        TypeGolden.read(
            Path.of(Objects.requireNonNull(getClass().getResource("/types/" + file)).toURI()));
    try (SourceDatabase source = SourceDatabase.create()) {
      assumeServerKnows(file, source);
      source.run(golden.statements().toArray(String[]::new));
      createTables(golden, source);
      try (Capture capture = Capture.changes(source)) {
        insert(golden, source);
        List<RowChange> streamed = capture.rows();
        assertThat(describe(streamed)).as("by CDC").isEqualTo(expected(golden));
        assertThat(describe(Capture.load(source)))
            .as("by full load")
            .containsExactlyInAnyOrderElementsOf(expected(golden));
        assertColumns(golden, source);
      }
    }
  }

  private static void assumeServerKnows(String file, SourceDatabase source) {
    int since = file.indexOf("-since-");
    if (since > 0) {
      int major = Integer.parseInt(file.substring(since + 7, file.indexOf('.')));
      assumeThat(source.server().info().major()).isGreaterThanOrEqualTo(major);
    }
  }

  private static void createTables(TypeGolden golden, SourceDatabase source) throws Exception {
    for (int i = 0; i < golden.columns().size(); i++) {
      String type = golden.columns().get(i).type();
      source.run("CREATE TABLE t" + i + " (id int PRIMARY KEY, c " + type + ")");
    }
  }

  private static void insert(TypeGolden golden, SourceDatabase source) throws Exception {
    for (int i = 0; i < golden.columns().size(); i++) {
      TypeGolden.TypedColumn column = golden.columns().get(i);
      for (int j = 0; j < column.samples().size(); j++) {
        String expression = column.samples().get(j).expression();
        source.run("INSERT INTO t" + i + " SELECT " + j + ", " + expression);
      }
    }
  }

  private static List<String> expected(TypeGolden golden) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < golden.columns().size(); i++) {
      List<TypeGolden.Sample> samples = golden.columns().get(i).samples();
      for (int j = 0; j < samples.size(); j++) {
        lines.add("t" + i + " " + j + " " + samples.get(j).expected());
      }
    }
    return lines;
  }

  private static List<String> describe(List<RowChange> rows) {
    return rows.stream()
        .map(
            row ->
                row.table().name()
                    + " "
                    + row.row().text("id")
                    + " "
                    + TypeGolden.describe(row.row(), "c"))
        .toList();
  }

  private static void assertColumns(TypeGolden golden, SourceDatabase source) {
    for (int i = 0; i < golden.columns().size(); i++) {
      assertThat(source.table("t" + i).schema().column("c"))
          .isEqualTo(golden.columns().get(i).expected());
    }
  }
}
