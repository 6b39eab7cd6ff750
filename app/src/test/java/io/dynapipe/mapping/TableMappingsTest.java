package io.dynapipe.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.rule.RelationKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TableMappingsTest {

  @Test
  void selectsWhatIsIncludedAndNotExcluded() {
    TableMappings mappings =
        TableMappings.parse(
            """
            {"rules": [
              {"rule-type": "selection", "rule-id": "1", "rule-name": "1",
               "object-locator": {"schema-name": "Test", "table-name": "%"},
               "rule-action": "include", "filters": []},
              {"rule-type": "selection", "rule-id": "2", "rule-name": "2",
               "object-locator": {"schema-name": "Test", "table-name": "DMS%"},
               "rule-action": "exclude"}]}
            """);

    assertThat(mappings.selects(new TableName("Test", "a"))).isTrue();
    assertThat(mappings.selects(new TableName("Test", "DMS_a"))).isFalse();
    assertThat(mappings.selects(new TableName("test", "a"))).isFalse();
  }

  @Test
  void takesAnExplicitNameWithoutWildcards() {
    TableMappings mappings =
        TableMappings.parse(
            """
            {"rules": [
              {"rule-type": "selection", "rule-id": 1, "rule-name": "1",
               "object-locator": {"schema-name": "new_cust", "table-name": "Customer%"},
               "rule-action": "explicit"}]}
            """);

    assertThat(mappings.selects(new TableName("new_cust", "Customer%"))).isTrue();
    assertThat(mappings.selects(new TableName("newxcust", "Customer%"))).isFalse();
    assertThat(mappings.selects(new TableName("new_cust", "Customers"))).isFalse();
  }

  @Test
  void selectsViewsOnlyWhereTheRuleSaysSo() {
    TableMappings mappings =
        TableMappings.parse(
            """
            {"rules": [
              {"rule-type": "selection", "rule-id": "2", "rule-name": "2",
               "object-locator":
                 {"schema-name": "Test", "table-name": "view_DMS%", "table-type": "view"},
               "rule-action": "include"},
              {"rule-type": "selection", "rule-id": "3", "rule-name": "3",
               "object-locator":
                 {"schema-name": "report", "table-name": "%", "table-type": "all"},
               "rule-action": "include"}]}
            """);

    TableName view = new TableName("Test", "view_DMS1");
    assertThat(mappings.selects(view)).isFalse();
    assertThat(mappings.selects(view, RelationKind.VIEW)).isTrue();
    assertThat(mappings.selects(new TableName("report", "x"))).isTrue();
    assertThat(mappings.selects(new TableName("report", "x"), RelationKind.VIEW)).isTrue();
  }

  @Test
  void tellsTheLoadOrder() {
    TableMappings mappings =
        TableMappings.parse(
            """
            {"rules": [
              {"rule-type": "selection", "rule-id": "1", "rule-name": "1",
               "object-locator": {"schema-name": "Test", "table-name": "loadsecond"},
               "rule-action": "include", "load-order": "1"},
              {"rule-type": "selection", "rule-id": "2", "rule-name": "2",
               "object-locator": {"schema-name": "Test", "table-name": "loadfirst"},
               "rule-action": "include", "load-order": 2},
              {"rule-type": "selection", "rule-id": "3", "rule-name": "3",
               "object-locator": {"schema-name": "Test", "table-name": "%"},
               "rule-action": "include"}]}
            """);

    assertThat(mappings.loadOrder(new TableName("Test", "loadfirst"))).isEqualTo(2);
    assertThat(mappings.loadOrder(new TableName("Test", "loadsecond"))).isEqualTo(1);
    assertThat(mappings.loadOrder(new TableName("Test", "other"))).isZero();
  }

  @Test
  void namesEveryProblemAtOnce() {
    String json =
        """
        {"rules": [
          {"rule-type": "selection", "rule-id": "x", "rule-action": "includes", "colour": 1,
           "object-locator": {"schema-name": "a[", "tabel-name": "%"}},
          {"rule-type": "select", "rule-id": "2", "rule-name": "two"},
          {"rule-type": "selection", "rule-id": "2", "rule-action": "exclude",
           "object-locator": {"schema-name": "a", "table-name": ""}, "load-order": "soon"}
        ], "rule": []}
        """;

    assertThatThrownBy(() -> TableMappings.parse(json))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> assertThat(e.kind()).isEqualTo(PipelineException.Kind.INPUT))
        .hasMessage(
            """
            The table mappings have 11 problems:
            - rules[0].rule-id: must be a whole number, not "x"
            - rule-id 0, rule-action: 'includes' is not one of exclude, explicit, include
            - rule-id 0, object-locator.schema-name: 'a[' has a [ that is not closed
            - rule-id 0, object-locator.table-name: is missing
            - rule-id 0, object-locator.tabel-name: is not a known member
            - rule-id 0, colour: is not a known member
            - rule-id 2 'two', rule-type: 'select' is not one of selection, transformation, object-mapping,\
             table-settings
            - rule-id 2, rule-id: another rule has this rule-id
            - rule-id 2, object-locator.table-name: is missing
            - rule-id 2, load-order: must be a whole number, not "soon"
            - rule: is not a known member\
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"rules\":[]}",
        "{\"rules\":[],}",
        "{\"rules\":[]} x",
        "{\"rules\":[],\"rules\":[]}",
        "{}"
      })
  void refusesWhatIsNoMapping(String json) {
    assertThatThrownBy(() -> TableMappings.parse(json)).isInstanceOf(PipelineException.class);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "public.foo, public, foo, true",
        "foo, public, foo, true",
        "foo, app, foo, false",
        "app.%, app, anything, true",
        "%.%, app, anything, true",
        "%.%, pg_catalog, pg_class, false",
        "%.%, information_schema, tables, false",
        "%.%, pglogical, node, false",
        "pg_catalog.pg_class, pg_catalog, pg_class, true",
        "public.%, public, awsdms_ddl_audit, false",
        "public.awsdms_ddl_audit, public, awsdms_ddl_audit, true",
        "app.t_1, app, tx1, true",
        "app.t[_]1, app, tx1, false",
        "app.t[.]1, app, t.1, true",
        "'\"my.app\".\"a\"\"b\"', my.app, 'a\"b', true",
        "'\"App\".%', App, x, true",
      })
  void selectsByPattern(String pattern, String schema, String table, boolean selects) {
    assertThat(TableMappings.ofPatterns(List.of(pattern)).selects(new TableName(schema, table)))
        .isEqualTo(selects);
  }

  @Test
  void selectsEveryTableWithoutPatterns() {
    TableMappings mappings = TableMappings.ofPatterns(List.of());

    assertThat(mappings.selects(new TableName("a", "b"))).isTrue();
    assertThat(mappings.selects(new TableName("pg_catalog", "pg_class"))).isFalse();
  }

  @Test
  void namesEveryWrongPattern() {
    assertThatThrownBy(
            () -> TableMappings.ofPatterns(List.of("a.b.c", "ok", "", "a.", "\"a", "\"a\"b", "[x")))
        .isInstanceOf(PipelineException.class)
        .hasMessageContainingAll(
            "6 problems",
            "'a.b.c': has more than one dot",
            "'': has an empty name",
            "'a.': has an empty name",
            "'\"a': has a \" without its end",
            "'\"a\"b': has characters beside the double quotes",
            "'[x': has a [ without its end");
  }
}
