package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowJsonTest {

  private static final ColumnNames COLUMNS = ColumnNames.of("n", "t \"q\"", "b", "j", "x");

  private static final TableSchema SCHEMA =
      new TableSchema(
          new TableName("public", "t"),
          List.of(
              Column.of("n", DataType.DECIMAL),
              Column.of("t \"q\"", DataType.STRING),
              Column.of("b", DataType.BOOLEAN),
              new Column("j", DataType.STRING, null, true, "jsonb", null, null)),
          List.of("n"));

  @Test
  void keepsNumbersAndEmbedsDocuments() {
    Row row =
        new RowBuilder()
            .begin(COLUMNS)
            .addNumber("1.10")
            .addText("{\"v\":1}")
            .addBoolean(true)
            .addText("{\"v\": 1}")
            .addNull()
            .build();

    assertThat(object(row))
        .isEqualTo(
            "{\"n\":1.10,\"t \\\"q\\\"\":\"{\\\"v\\\":1}\",\"b\":true,\"j\":{\"v\":"
                + " 1},\"x\":null}");
  }

  @Test
  void leavesOutWhatTheRowDoesNotHold() {
    Row row =
        new RowBuilder()
            .begin(COLUMNS)
            .addAbsent()
            .addUnchanged()
            .addBoolean(false)
            .addText("not json")
            .addText("null")
            .build();

    assertThat(object(row)).isEqualTo("{\"b\":false,\"j\":\"not json\",\"x\":\"null\"}");
  }

  private static String object(Row row) {
    return new RowJson(COLUMNS, SCHEMA).object(new JsonBuffer(64), row).toString();
  }
}
