package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DefinitionJsonTest {

  private static final TableSchema SCHEMA =
      new TableSchema(
          new TableName("", "a.b \"c\"\n"),
          List.of(
              new Column("id", DataType.INT64, null, false, "int8", null, null),
              new Column("n", DataType.DECIMAL, null, true, "numeric(10,2)", 10, 2),
              new Column("s", DataType.STRING, 9, true, null, null, null)),
          List.of("id"));

  @Test
  void readsWhatItWrote() {
    assertThat(DefinitionJson.read(DefinitionJson.write(SCHEMA))).isEqualTo(SCHEMA);
  }

  @Test
  void skipsMembersOfLaterVersions() {
    assertThat(
            DefinitionJson.read(
                "{\"v\":{\"x\":[1]},\"name\":\"t\",\"columns\":[{\"z\":[],\"name\":\"c\"}]}"))
        .isEqualTo(
            new TableSchema(
                new TableName("", "t"), List.of(Column.of("c", DataType.STRING)), List.of()));
  }

  @Test
  void saysWhatToDoWithADefinitionThatCannotBeRead() {
    assertThatThrownBy(() -> DefinitionJson.read("{\"columns\":[{\"type\":\"WHAT\"}]}"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("dynapipe.tables");
  }
}
