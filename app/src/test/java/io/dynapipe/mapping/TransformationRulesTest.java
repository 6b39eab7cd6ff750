package io.dynapipe.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.transform.TablePlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransformationRulesTest {

  private static final String SELECTION =
      """
      {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
       "object-locator": {"schema-name": "%", "table-name": "%"}},
      """;

  @Test
  void takesWhatTheConsoleWrites() {
    assertThatCode(
            () ->
                parse(
                    """
                    {"rule-type": "transformation", "rule-id": "542485267", "rule-name": "x",
                     "rule-target": "schema", "rule-action": "convert-lowercase",
                     "object-locator": {"schema-name": "%"}, "value": null, "old-value": null}
                    """))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "table | remove-column | | rule-target: must be column with rule-action remove-column",
        "column | define-primary-key | | rule-target: must be table with rule-action"
            + " define-primary-key",
        "column | make-better | | rule-action: 'make-better' is not one of"
            + " add-before-image-columns",
        "column | rename | | value: is missing",
        "column | rename | \"expression\": \"$a\" | expression: a name can only be made of $AR_M_",
        "column | rename | \"expression\": \"date()\" | expression: a name can only be made of"
            + " $AR_M_",
        "column | rename | \"value\": {} | value: must be a text, not {}",
        "column | replace-prefix | \"value\": \"x\" | old-value: is missing",
        "column | convert-lowercase | \"value\": \"x\" | value: is of no effect with rule-action"
            + " convert-lowercase",
        "column | change-data-type | | data-type: is missing",
        "column | change-data-type | \"data-type\": {\"type\": \"varchar\"}"
            + " | data-type.type: 'varchar' is not one of blob, boolean, bytes, clob",
        "column | change-data-type | \"data-type\": {\"type\": \"string\", \"length\": \"x\"}"
            + " | data-type.length: must be a whole number",
        "column | change-data-type | \"data-type\": {\"type\": \"string\", \"size\": 1}"
            + " | data-type.size: is not a known member",
        "column | add-before-image-columns | \"before-image-def\": {\"column-filter\": \"some\"}"
            + " | before-image-def.column-filter: 'some' is not one of all, non-lob, pk-only",
        "table-tablespace | rename | \"value\": \"x\" | rule-target: 'table-tablespace' is for"
            + " Oracle only",
        "cell | rename | \"value\": \"x\" | rule-target: 'cell' is not one of column, schema,"
            + " table",
      })
  void namesWhatIsWrong(String target, String action, String members, String problem) {
    String json =
        """
        {"rule-type": "transformation", "rule-id": "2", "rule-name": "two",
         "rule-target": "%s", "rule-action": "%s",
         "object-locator": {"schema-name": "a", "table-name": "b", "column-name": "c"}%s}
        """
            .formatted(target, action, members == null ? "" : ", " + members);

    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(PipelineException.class)
        .hasMessageContainingAll("rule-id 2 'two', ", problem);
  }

  @Test
  void givesTheSamePlanForTheWantedColumnsAlone() {
    TableMappings mappings =
        parse(
            """
            {"rule-type": "transformation", "rule-id": "2", "rule-name": "2",
             "rule-target": "column", "rule-action": "remove-column",
             "object-locator": {"schema-name": "a", "table-name": "b", "column-name": "secret%"}},
            {"rule-type": "transformation", "rule-id": "3", "rule-name": "3",
             "rule-target": "column", "rule-action": "add-column", "value": "hash",
             "expression": "hash_sha256($secret1)", "data-type": {"type": "string", "length": 64},
             "object-locator": {"schema-name": "a", "table-name": "b"}}
            """);
    TablePlan whole =
        mappings.plan(
            new TableSchema(
                new TableName("a", "b"),
                List.of(
                    Column.of("id", DataType.INT32),
                    Column.of("secret1", DataType.STRING),
                    Column.of("secret2", DataType.STRING)),
                List.of("id")));

    assertThat(whole.wantedColumns()).containsExactly("id", "secret1");
    TableSchema wanted =
        new TableSchema(
            new TableName("a", "b"),
            whole.source().columns().stream()
                .filter(column -> whole.wantedColumns().contains(column.name()))
                .toList(),
            List.of("id"));
    assertThat(mappings.plan(wanted).target()).isEqualTo(whole.target());
  }

  @Test
  void refusesTablesThatWouldShareATarget() {
    TableMappings mappings =
        parse(
            """
            {"rule-type": "transformation", "rule-id": "2", "rule-name": "2",
             "rule-target": "schema", "rule-action": "rename", "value": "all",
             "object-locator": {"schema-name": "%"}}
            """);
    TableName first = new TableName("a", "t");
    TableName second = new TableName("b", "t");

    assertThatCode(() -> mappings.requireOwnTargets(List.of(first))).doesNotThrowAnyException();
    assertThatThrownBy(() -> mappings.requireOwnTargets(List.of(first, second)))
        .hasMessageContaining("[a.t, b.t] would all become the table all.t");
  }

  @Test
  void tellsWhichTablesAreNamed() {
    assertThat(TableMappings.ofPatterns(List.of("a.my_table", "b.%", "c")).namedTables())
        .containsExactly(new TableName("a", "my_table"), new TableName("public", "c"));
  }

  private static TableMappings parse(String rules) {
    return TableMappings.parse("{\"rules\": [" + SELECTION + rules + "]}");
  }
}
