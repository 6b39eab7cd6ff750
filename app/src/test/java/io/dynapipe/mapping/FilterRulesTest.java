package io.dynapipe.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guide's examples of source filters, and what is wrong with others. */
final class FilterRulesTest {

  private static final TableSchema EMPLOYEE =
      new TableSchema(
          new TableName("test", "employee"),
          List.of(
              Column.of("empid", DataType.INT32),
              new Column("dept", DataType.STRING, null, true, "text", null, null),
              Column.of("empstartdate", DataType.DATE),
              new Column("doc", DataType.STRING, null, true, "jsonb", null, null),
              new Column("mood", DataType.STRING, null, true, "public.mood", null, null)),
          List.of("empid"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "empid | {\"filter-operator\":\"gte\",\"value\":\"100\"} | (\"empid\" >= (100))",
        "empid | {\"filter-operator\":\"ste\",\"value\":100} | (\"empid\" <= (100))",
        "empid | {\"filter-operator\":\"lte\",\"value\":\"10\"},"
            + "{\"filter-operator\":\"between\",\"start-value\":\"50\",\"end-value\":\"75\"},"
            + "{\"filter-operator\":\"gte\",\"value\":\"100\"}"
            + " | (\"empid\" <= (10) OR \"empid\" BETWEEN (50) AND (75) OR \"empid\" >= (100))",
        "dept | {\"filter-operator\":\"eq\",\"value\":\"tech\"}"
            + " | ((\"dept\" = 'tech' AND \"dept\"::text COLLATE \"C\" = 'tech'))",
        "dept | {\"filter-operator\":\"null\"} | (\"dept\" IS NULL)",
        "doc | {\"filter-operator\":\"notnull\"} | (\"doc\" IS NOT NULL)",
        "empid | {\"filter-operator\":\"notbetween\",\"start-value\":\"50\",\"end-value\":\"75\"}"
            + " | (\"empid\" NOT BETWEEN (50) AND (75))",
        "empstartdate | {\"filter-operator\":\"gte\",\"value\":\"2002-01-01\"}"
            + " | (\"empstartdate\" >= '2002-01-01'::date)",
        "mood | {\"filter-operator\":\"noteq\",\"value\":\"it's\"}"
            + " | (\"mood\"::text COLLATE \"C\" <> 'it''s')",
      })
  void becomesAWhereClause(String column, String conditions, String sql) {
    assertThat(mappings(column, conditions).plan(EMPLOYEE).whereClause()).isEqualTo(sql);
  }

  @Test
  void joinsSeveralFiltersByAnd() {
    String json =
        """
        {"rules": [{"rule-type": "selection", "rule-id": "1", "rule-name": "1",
          "object-locator": {"schema-name": "test", "table-name": "employee"},
          "rule-action": "include",
          "filters": [
            {"filter-type": "source", "column-name": "empid",
             "filter-conditions": [{"filter-operator": "noteq", "value": "50"}]},
            {"filter-type": "source", "column-name": "dept",
             "filter-conditions": [{"filter-operator": "notnull"}]}]}]}
        """;

    assertThat(TableMappings.parse(json).plan(EMPLOYEE).whereClause())
        .isEqualTo("(\"empid\" <> (50)) AND (\"dept\" IS NOT NULL)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "empid | {\"filter-operator\":\"eq\",\"value\":\"x\"} | 'x' is not a number such as",
        "empid | {\"filter-operator\":\"eq\",\"value\":\"1e9999\"} | is not a number such as",
        "empstartdate | {\"filter-operator\":\"eq\",\"value\":\"2002-02-30\"} | is not a date such"
            + " as",
        "doc | {\"filter-operator\":\"eq\",\"value\":\"{}\"} | values of type jsonb cannot be"
            + " compared",
        "mood | {\"filter-operator\":\"gte\",\"value\":\"ok\"} | values of type public.mood have no"
            + " order",
        "gone | {\"filter-operator\":\"null\"} | filters by column 'gone', which the table does not"
            + " have",
      })
  void refusesWhatDoesNotFitTheTable(String column, String conditions, String problem) {
    TableMappings mappings = mappings(column, conditions);

    assertThatThrownBy(() -> mappings.plan(EMPLOYEE))
        .isInstanceOf(PipelineException.class)
        .hasMessageContainingAll("test.employee", "rule-id 1 'x'", problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"filter-operator\":\"like\",\"value\":\"x\"} | 'like' is not one of between, eq, gte",
        "{\"filter-operator\":\"eq\"} | filter-conditions[0].value: is missing",
        "{\"filter-operator\":\"between\",\"start-value\":\"1\"} | end-value: is missing",
        "{\"filter-operator\":\"null\",\"value\":\"1\"} | value: is not a known member",
        "{\"filter-operator\":\"noteq\",\"value\":\"1\"},{\"filter-operator\":\"null\"}"
            + " | a negative operator must be the only condition",
        " | filter-conditions: is missing",
      })
  void refusesAWrongCondition(String conditions, String problem) {
    assertThatThrownBy(() -> mappings("empid", conditions == null ? "" : conditions))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesFiltersWhereTheyCannotWork() {
    String json =
        """
        {"rules": [
          {"rule-type": "selection", "rule-id": "1", "rule-action": "include", "filters": [%1$s],
           "object-locator": {"schema-name": "test", "table-name": "%%"}},
          {"rule-type": "selection", "rule-id": "2", "rule-action": "exclude", "filters": [%1$s],
           "object-locator": {"schema-name": "test", "table-name": "a"}},
          {"rule-type": "selection", "rule-id": "3", "rule-action": "include", "filters": [%1$s],
           "object-locator": {"schema-name": "test", "table-name": "b"}},
          {"rule-type": "selection", "rule-id": "4", "rule-action": "include", "filters": [%1$s],
           "object-locator": {"schema-name": "test", "table-name": "b"}}]}
        """
            .formatted(
                """
                {"filter-type": "source", "column-name": "c",
                 "filter-conditions": [{"filter-operator": "null"}]}\
                """);

    assertThatThrownBy(() -> TableMappings.parse(json))
        .hasMessage(
            """
            The table mappings have 3 problems:
            - rule-id 1, filters: need a schema-name and a table-name without wildcards
            - rule-id 2, filters: are of no effect in a rule that excludes
            - rule-id 4: rule-id 3 filters the same table; put the filters into one rule\
            """);
  }

  private static TableMappings mappings(String column, String conditions) {
    return TableMappings.parse(
        """
        {"rules": [{"rule-type": "selection", "rule-id": "1", "rule-name": "x",
          "object-locator": {"schema-name": "test", "table-name": "employee"},
          "rule-action": "include",
          "filters": [{"filter-type": "source", "column-name": "%s",
            "filter-conditions": [%s]}]}]}
        """
            .formatted(column, conditions));
  }
}
