package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The function with the real CrateDB that {@code DYNAPIPE_TEST_CRATEDB} names. */
class KinesisHandlerCrateIT {

  private final String table = "lambda_" + System.nanoTime();
  private final Messages messages = new Messages(table);
  private String url;
  private CrateQuery query;

  @BeforeEach
  void connect() {
    url = System.getenv("DYNAPIPE_TEST_CRATEDB");
    assumeTrue(
        url != null && !url.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)");
    query = new CrateQuery(CrateSettings.of((CrateUrl) SinkUrl.parse(url, Map.of())));
  }

  @AfterEach
  void dropTable() {
    if (query != null) {
      query.rows("DROP TABLE IF EXISTS public." + table);
    }
  }

  @Test
  void makesObjectsOfTextsThatColumnTypesNames() throws Exception {
    Function function = function(Map.of("COLUMN_TYPES", "{\"public:" + table + ":name\":\"map\"}"));

    String answer =
        function.invoke(
            KinesisEvent.of(
                1, messages.create(), messages.insert(1, "{\\\"foo\\\": [\\\"bar\\\"]}")));

    assertThat(answer).isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(rows("data['name']['foo']")).containsExactly(List.of(List.of("bar")));
  }

  @Test
  void readsTablesAgainThatAnotherExecutionEnvironmentChanged() throws Exception {
    Function one = function(Map.of());
    Function other = function(Map.of());

    one.invoke(KinesisEvent.of(1, messages.create(), messages.insert(1, "a")));
    other.invoke(KinesisEvent.of(3, messages.insert(2, "b")));
    one.invoke(
        KinesisEvent.of(
            4, messages.drop(), messages.create("name"), messages.row("insert", "\"name\":\"x\"")));
    other.invoke(KinesisEvent.of(7, messages.row("delete", "\"name\":\"x\"")));
    other.invoke(KinesisEvent.of(8, messages.insert(3, "y")));

    assertThat(rows("pk['name']")).containsExactly(List.of("y"));
    assertThat(other.lines).allSatisfy(line -> assertThat(line).contains("\"quarantined\":0"));
  }

  private List<List<Object>> rows(String what) {
    query.refresh("public." + table);
    return query.rows("SELECT " + what + " FROM public." + table);
  }

  private Function function(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("CRATEDB_CLUSTER_URL", url);
    environment.put("USE_BATCH_PROCESSING", "true");
    return new Function(environment);
  }
}
