package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SourceTableJsonTest {

  private static final SourceTable TABLE = table();

  private static SourceTable table() {
    Column id = new Column("i\"d", DataType.INT64, null, false, "bigint", null, null);
    Column price = new Column("preis €", DataType.DECIMAL, null, true, "numeric(10,2)", 10, 2);
    Column name = new Column("n", DataType.STRING, 40, true, null, null, null);
    List<SourceColumn> columns =
        List.of(
            new SourceColumn(id, 1, 20, -1, ValueFormat.INTEGER),
            new SourceColumn(price, 3, 1700, 655366, ValueFormat.NUMBER),
            new SourceColumn(name, 4, 4_000_000_000L, 44, ValueFormat.TEXT));
    TableSchema schema =
        new TableSchema(
            new TableName("my schema", "t.x"), List.of(id, price, name), List.of("n", "i\"d"));
    return new SourceTable(
        4_000_000_001L, TableKind.PARTITIONED, ReplicaIdentity.INDEX, columns, schema, List.of());
  }

  @Test
  void comesBackAsItWasWritten() {
    assertThat(SourceTableJson.read(SourceTableJson.write(TABLE))).isEqualTo(TABLE);
  }

  @Test
  void damagedTextIsAnErrorWithACure() {
    String text = SourceTableJson.write(TABLE);
    for (String damaged : List.of("", "{", text.substring(0, text.length() / 2), "{}")) {
      assertThatThrownBy(() -> SourceTableJson.read(damaged))
          .isInstanceOf(PipelineException.class)
          .hasMessageContaining("cannot be read");
    }
  }
}
