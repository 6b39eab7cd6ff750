package io.dynapipe.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.rule.ParallelLoad;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableSettingsRulesTest {

  private static final String SELECTION =
      """
      {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
       "object-locator": {"schema-name": "%", "table-name": "%"}},
      """;

  @Test
  void tellsHowAFullLoadSplitsATable() {
    TableMappings mappings =
        parse(
            """
            {"rule-type": "table-settings", "rule-id": "2", "rule-name": "2",
             "object-locator": {"schema-name": "HR", "table-name": "SALES"},
             "parallel-load": {"type": "ranges", "columns": ["SALES_NO", "REGION"],
               "boundaries": [["1000", "NORTH"], ["3000", "WEST"]]}},
            {"rule-type": "table-settings", "rule-id": "3", "rule-name": "3",
             "object-locator": {"schema-name": "HR", "table-name": "ORDERS"},
             "parallel-load": {"type": "partitions-list", "partitions": ["p1"]}},
            {"rule-type": "table-settings", "rule-id": "4", "rule-name": "4",
             "object-locator": {"schema-name": "HR", "table-name": "PARTS"},
             "parallel-load": {"type": "partitions-auto"},
             "lob-settings": {"mode": "limited", "bulk-max-size": "32"}}
            """);

    assertThat(mappings.parallelLoad(new TableName("HR", "SALES")))
        .isEqualTo(
            new ParallelLoad(
                ParallelLoad.Type.RANGES,
                List.of(),
                List.of("SALES_NO", "REGION"),
                List.of(List.of("1000", "NORTH"), List.of("3000", "WEST"))));
    assertThat(mappings.parallelLoad(new TableName("HR", "ORDERS")).partitions())
        .containsExactly("p1");
    assertThat(mappings.parallelLoad(new TableName("HR", "PARTS")).type())
        .isEqualTo(ParallelLoad.Type.PARTITIONS_AUTO);
    assertThat(mappings.parallelLoad(new TableName("HR", "OTHER"))).isNull();
  }

  @Test
  void namesWhatIsWrong() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    {"rule-type": "table-settings", "rule-id": "8", "rule-name": "8",
                     "object-locator": {"schema-name": "ipipeline-prod", "table-name": "%"},
                     "parallel-load": {"type": "partitions-auto", "number-of-partitions": 16,
                       "collection-count-from-metadata": "true", "batch-size": 50000}},
                    {"rule-type": "table-settings", "rule-id": "9", "rule-name": "9",
                     "object-locator": {"schema-name": "a", "table-name": "b"},
                     "parallel-load": {"type": "ranges", "columns": ["x", "y"],
                       "boundaries": [["1"], ["1", {}], "2"]},
                     "lob-settings": {"mode": "some", "size": 1}},
                    {"rule-type": "table-settings", "rule-id": "10", "rule-name": "10",
                     "object-locator": {"schema-name": "a", "table-name": "c"},
                     "parallel-load": {"type": "subpartitions-auto", "subpartitions": ["x"],
                       "columns": ["x"]}},
                    {"rule-type": "table-settings", "rule-id": "11", "rule-name": "11",
                     "object-locator": {"schema-name": "a", "table-name": "c"},
                     "parallel-load": {"type": "partitions-list"}}
                    """))
        .hasMessageContainingAll(
            "rule-id 8 '8', object-locator: exact schema and table name are required in a"
                + " table-settings rule",
            "rule-id 8 '8', parallel-load.number-of-partitions: is for MongoDB only",
            "rule-id 9 '9', parallel-load.boundaries[0]: must have one value for each of columns",
            "rule-id 9 '9', parallel-load.boundaries[1]: must be an array of texts",
            "rule-id 9 '9', parallel-load.boundaries[2]: must be an array of texts",
            "rule-id 9 '9', lob-settings.mode: 'some' is not one of limited, none, unlimited",
            "rule-id 9 '9', lob-settings.size: is not a known member",
            "rule-id 10 '10', parallel-load.type: 'subpartitions-auto' is for Oracle only",
            "rule-id 10 '10', parallel-load.subpartitions: is for Oracle only",
            "rule-id 11 '11', parallel-load.partitions: is missing",
            "rule-id 11 '11': rule-id 10 '10' has settings for the same table");
  }

  private static TableMappings parse(String rules) {
    return TableMappings.parse("{\"rules\": [" + SELECTION + rules + "]}");
  }
}
