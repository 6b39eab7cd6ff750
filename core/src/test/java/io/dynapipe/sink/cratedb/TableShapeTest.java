package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.cratedb.CrateType.Policy;
import io.dynapipe.sink.cratedb.TargetTable.AuxPlace;
import io.dynapipe.sink.cratedb.TargetTable.KeyStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tables of each known shape are recognised from their definition alone. */
final class TableShapeTest {

  private static final CrateType DATA = CrateType.object(Policy.DYNAMIC, Map.of());
  private static final CrateType PK =
      CrateType.object(Policy.STRICT, Map.of("id", CrateType.BIGINT));

  private static TargetTable shape(
      Map<String, CrateType> columns, Map<String, String> generated, List<List<String>> key) {
    TableName name = new TableName("public", "foo");
    return TableShape.of(
        new RawTable(name, new LinkedHashMap<>(columns), generated, key, 9),
        null,
        Layout.DOCUMENT,
        null);
  }

  @Test
  void theWalkthroughsTableHasNoKeyAndMayGetAPlaceForMisfits() {
    TargetTable table = shape(Map.of("data", DATA), Map.of(), List.of());
    assertThat(table.keyStyle()).isEqualTo(KeyStyle.NONE);
    assertThat(table.objectData()).isTrue();
    assertThat(table.aux()).isEqualTo(AuxPlace.ADDABLE);
  }

  @Test
  void tablesOfCommonsCodecHavePkDataAndAux() {
    TargetTable table =
        shape(
            Map.of("pk", PK, "data", DATA, "aux", CrateType.OBJECT_IGNORED),
            Map.of(),
            List.of(List.of("pk", "id")));
    assertThat(table.keyStyle()).isEqualTo(KeyStyle.PK_OBJECT);
    assertThat(table.key().get(0).reference()).isEqualTo("pk['id']");
    assertThat(table.key().get(0).type()).isEqualTo(CrateType.BIGINT);
    assertThat(table.aux()).isEqualTo(AuxPlace.COLUMN);
  }

  @Test
  void generatedKeysAreAddressedByTheirColumn() {
    TargetTable table =
        shape(
            Map.of("id", CrateType.INTEGER, "data", DATA),
            Map.of("id", "data['it''s']"),
            List.of(List.of("id")));
    assertThat(table.keyStyle()).isEqualTo(KeyStyle.GENERATED);
    assertThat(table.key().get(0).source()).isEqualTo("it's");
    assertThat(table.key().get(0).reference()).isEqualTo("\"id\"");
  }

  @Test
  void tablesOfColumnsMayHaveAColumnCalledData() {
    TargetTable table =
        shape(
            Map.of("id", CrateType.INTEGER, "data", DATA, "x", CrateType.TEXT),
            Map.of(),
            List.of(List.of("id")));
    assertThat(table.keyStyle()).isEqualTo(KeyStyle.COLUMNS);
    assertThat(table.objectData()).isFalse();
    assertThat(table.columns()).containsKeys("id", "data", "x");
    assertThat(table.aux()).isEqualTo(AuxPlace.NONE);
  }

  @Test
  void tablesForSourcesWithoutAKeyAreAddressedByEvent() {
    TargetTable table =
        shape(
            Map.of(
                "pk",
                CrateType.object(
                    Policy.STRICT, Map.of("event", CrateType.TEXT, "row", CrateType.TEXT)),
                "data",
                DATA),
            Map.of(),
            List.of(List.of("pk", "event")));
    assertThat(table.keyStyle()).isEqualTo(KeyStyle.EVENT);
  }

  @Test
  void aKeyInsideDataCannotBeWritten() {
    assertThatThrownBy(() -> shape(Map.of("data", DATA), Map.of(), List.of(List.of("data", "id"))))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PipelineException.Kind.PERMANENT);
              assertThat(e.cure()).contains("GENERATED ALWAYS");
            });
  }

  @Test
  void aKeyOfAnExpressionCannotBeWritten() {
    assertThatThrownBy(
            () ->
                shape(
                    Map.of("month", CrateType.TIMESTAMP, "data", DATA),
                    Map.of("month", "date_trunc('month', data['at'])"),
                    List.of(List.of("month"))))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("month");
  }
}
