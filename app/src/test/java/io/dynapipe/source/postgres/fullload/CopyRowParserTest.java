package io.dynapipe.source.postgres.fullload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.source.postgres.ReplicaIdentity;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.TableKind;
import io.dynapipe.source.postgres.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Lines of COPY's text format. */
final class CopyRowParserTest {

  @Test
  void tellsNullEmptyAndTheWordNullApart() {
    Row row = parse("\\N\t\tNULL\t\\\\N\n", 4);
    assertThat(row.kind(0)).isEqualTo(ValueKind.NULL);
    assertThat(row.text(1)).isEmpty();
    assertThat(row.text(2)).isEqualTo("NULL");
    assertThat(row.text(3)).isEqualTo("\\N");
  }

  @Test
  void undoesEveryEscapeThatTheServerWrites() {
    Row row = parse("a\\tb\\nc\\\\d\\re\\bf\\fg\\vh\tnext\n", 2);
    assertThat(row.text(0)).isEqualTo("a\tb\nc\\d\re\bf\fg\u000Bh");
    assertThat(row.text(1)).isEqualTo("next");
  }

  @Test
  void refusesRowsOfAnotherWidth() {
    assertThatThrownBy(() -> parse("a\n", 2)).hasMessageContaining("only 1 columns");
    assertThatThrownBy(() -> parse("a\tb\tc\n", 2)).hasMessageContaining("more than 2 columns");
  }

  @Property
  void readsBackWhatTheServerWouldWrite(@ForAll @Size(min = 1, max = 9) List<String> values) {
    String line = String.join("\t", values.stream().map(CopyRowParserTest::escaped).toList());
    Row row = parse(line + "\n", values.size());
    for (int i = 0; i < values.size(); i++) {
      assertThat(row.text(i)).isEqualTo(values.get(i));
    }
  }

  private static String escaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\b", "\\b")
        .replace("\f", "\\f")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replace("\u000B", "\\v");
  }

  private static Row parse(String line, int columns) {
    return new CopyRowParser(table(columns), TableReading.WHOLE)
        .parse(line.getBytes(StandardCharsets.UTF_8));
  }

  private static SourceTable table(int count) {
    List<SourceColumn> columns = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Column column = Column.of("c" + i, DataType.STRING);
      columns.add(new SourceColumn(column, i, 25, -1, ValueFormat.TEXT));
    }
    TableSchema schema =
        new TableSchema(
            new TableName("public", "t"),
            columns.stream().map(SourceColumn::column).toList(),
            List.of());
    return new SourceTable(1, TableKind.TABLE, ReplicaIdentity.NOTHING, columns, schema, List.of());
  }
}
