package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Table mappings reach what a capture writes. */
class TableMappingsIT {

  private static final String MAPPINGS =
      """
      {"rules": [
        {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
         "object-locator": {"schema-name": "public", "table-name": "orders"},
         "filters": [{"filter-type": "source", "column-name": "id",
           "filter-conditions": [{"filter-operator": "gte", "value": "2"}]}]},
        {"rule-type": "transformation", "rule-id": "2", "rule-name": "2", "rule-action": "rename",
         "rule-target": "table", "object-locator": {"schema-name": "public",
         "table-name": "orders"}, "value": "sales"},
        {"rule-type": "transformation", "rule-id": "3", "rule-name": "3",
         "rule-action": "remove-column", "rule-target": "column", "object-locator":
         {"schema-name": "public", "table-name": "orders", "column-name": "secret"}},
        {"rule-type": "object-mapping", "rule-id": "4", "rule-name": "4",
         "rule-action": "map-record-to-record", "object-locator": {"schema-name": "public",
         "table-name": "orders"}, "mapping-parameters": {"partition-key-type": "schema-table"}}
      ]}
      """;

  @TempDir Path directory;

  @Test
  void filtersRenamesRemovesAndPartitions() throws Exception {
    Path mappings = Files.writeString(directory.resolve("mappings.json"), MAPPINGS);
    try (EmbeddedServer server = EmbeddedServer.start("source")) {
      server.execute(
          "source",
          "CREATE TABLE orders (id INT PRIMARY KEY, item TEXT, secret TEXT)",
          "INSERT INTO orders VALUES (1, 'a', 's'), (2, 'b', 's')",
          "CREATE TABLE other (id INT PRIMARY KEY)");

      Program.Result result =
          Program.run(
              directory,
              "capture",
              "--source",
              server.url("source"),
              "--table-mappings",
              mappings.toString(),
              "--migration-type",
              "full-load");

      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.out().lines()).hasSize(2);
      assertThat(result.out())
          .contains(
              "{\"data\":{\"id\":2,\"item\":\"b\"}",
              "\"partition-key-type\":\"schema-table\"",
              "\"table-name\":\"sales\"")
          .doesNotContain("secret", "orders", "other");
    }
  }

  @Test
  void namesEveryProblemOfAMappingsFile() throws Exception {
    Path mappings =
        Files.writeString(
            directory.resolve("mappings.json"),
            MAPPINGS.replace("\"gte\"", "\"above\"").replace("\"rename\"", "\"rebrand\""));

    Program.Result result =
        Program.run(
            directory,
            "capture",
            "--source",
            "postgresql://u@127.0.0.1:1/x",
            "--table-mappings",
            mappings.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("above", "rebrand").doesNotContain("at io.dynapipe");
  }
}
