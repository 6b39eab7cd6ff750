package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamingTest {

  private static Naming naming(String schema, CrateSettings.ControlTables control) {
    return new Naming(
        new CrateSettings.Tables(
            Layout.DOCUMENT, schema, null, null, List.of(), Map.of(), Set.of(), control, true));
  }

  private static TableName target(String schema, String name) {
    return naming(null, CrateSettings.ControlTables.SKIP).target(new TableName(schema, name));
  }

  @Test
  void tablesKeepSchemaAndName() {
    assertThat(target("public", "foo")).isEqualTo(new TableName("public", "foo"));
    assertThat(target("Shop", "Orders-ü")).isEqualTo(new TableName("Shop", "Orders-ü"));
    assertThat(target("", "foo")).isEqualTo(new TableName("doc", "foo"));
  }

  @Test
  void aSchemaOfTheUrlTakesAllTables() {
    Naming naming = naming("mine", CrateSettings.ControlTables.SKIP);
    assertThat(naming.target(new TableName("public", "foo")))
        .isEqualTo(new TableName("mine", "foo"));
  }

  @Test
  void controlTablesArePassedOverOrGoToTheirSchema() {
    TableName status = new TableName("", "awsdms_status");
    assertThat(naming(null, CrateSettings.ControlTables.SKIP).target(status)).isNull();
    assertThat(naming("mine", CrateSettings.ControlTables.KEEP).target(status))
        .isEqualTo(new TableName("dms", "awsdms_status"));
    assertThat(target("public", "awsdms_mine")).isEqualTo(new TableName("public", "awsdms_mine"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a.b", "a\"b", "a/b", "-a", "a#b", "a,b", "sys", "blob", "a\tb"})
  void namesThatCrateRefusesGetAnother(String name) {
    String accepted = Naming.accepted(name);
    assertThat(accepted).matches("[^ .\"/#,\\t-][^ .\"/#,\\t]*_[0-9a-f]{8}");
    assertThat(Naming.accepted(name + "x")).isNotEqualTo(accepted);
  }

  @Test
  void longNamesAreCutAndStayDifferent() {
    String name = "ä".repeat(200);
    assertThat(Naming.accepted(name)).hasSizeLessThan(60);
    assertThat(Naming.accepted(name + "1")).isNotEqualTo(Naming.accepted(name + "2"));
  }

  @Test
  void keyColumnsGetANameThatNoOtherColumnHas() {
    TableSchema source =
        new TableSchema(
            new TableName("s", "t"),
            List.of(
                Column.of("a.b", DataType.INT32),
                Column.of("a_b_", DataType.INT32),
                Column.of("aux", DataType.INT32),
                Column.of("_id", DataType.INT32)),
            List.of("a.b"));
    assertThat(CrateNames.keyMember("a.b")).isEqualTo("a_b");
    assertThat(CrateNames.keyColumn(source, "a.b")).isEqualTo("a_b__");
    assertThat(CrateNames.keyColumn(source, "aux")).isEqualTo("aux_");
    assertThat(CrateNames.keyColumn(source, "_id")).isEqualTo("_id_");
    assertThat(CrateNames.keyColumn(source, "id")).isEqualTo("id");
  }
}
