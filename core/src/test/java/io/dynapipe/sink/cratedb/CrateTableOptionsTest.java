package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.TestTable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the URL says about tables and requests, on a real CrateDB. */
final class CrateTableOptionsTest {

  private static final Origin ORIGIN = Origin.at(1_700_000_000_000_000L);

  private static CrateSettings settings(String parameters) {
    URI node = RealCrate.settings().server().hosts().get(0);
    return CrateSettings.of(
        (CrateUrl)
            SinkUrl.parse(
                "crate://" + node.getHost() + ":" + node.getPort() + "/?" + parameters, Map.of()));
  }

  private static TestTable table(String name) {
    Column id = TestTable.column("id", DataType.INT64, "int8");
    Column region = TestTable.column("region", DataType.STRING, "text");
    Column amount = TestTable.column("amount", DataType.INT32, "int4");
    return new TestTable(
        new TableSchema(
            RealCrate.newTable(name), List.of(id, region, amount), List.of("id", "region")));
  }

  @ParameterizedTest
  @EnumSource
  void shardsReplicasAndPartitionsAreAsTold(Layout layout) {
    TestTable table = table("options");
    CrateSettings settings =
        settings("shards=2&replicas=0-1&partition_by=region&in_flight=3&bulk_rows=2&gzip=true");
    try (CrateSink sink = CrateSink.open(settings.withLayout(layout))) {
      sink.apply(table.create());
      sink.write(
          table.name(),
          List.of(table.put(1, "eu", 1), table.put(2, "eu", 2), table.put(3, "us", 3)));
      sink.write(table.name(), List.of(table.put(1, "eu", 10), table.delete(3, "us")));
      sink.write(table.name(), List.of(table.merge(2, "eu", 20)));

      CrateClient client = RealCrate.client();
      String name = SqlText.table(table.name());
      String made = String.valueOf(client.execute("SHOW CREATE TABLE " + name).rows());
      assertThat(made).contains("INTO 2 SHARDS", "PARTITIONED BY", "number_of_replicas = '0-1'");
      client.execute("REFRESH TABLE " + name);
      assertThat(client.execute("SELECT count(*) FROM " + name).rows().toString())
          .isEqualTo("[[2]]");
      client.execute("DROP TABLE " + name);
    }
  }

  @Test
  void tableChangesAreIgnoredWhenTold() {
    TestTable table = table("mine");
    String name = SqlText.table(table.name());
    CrateClient client = RealCrate.client();
    client.execute(
        "CREATE TABLE "
            + name
            + " (id BIGINT, region TEXT, aux OBJECT(IGNORED), PRIMARY KEY (id, region))");
    try (CrateSink sink = CrateSink.open(settings("ddl=ignore"))) {
      sink.apply(table.create());
      sink.write(table.name(), List.of(table.put(1, "eu", 7)));
      sink.apply(TableChange.truncate(table.name(), ORIGIN));
      sink.apply(TableChange.drop(table.name(), ORIGIN));
      client.execute("REFRESH TABLE " + name);
      assertThat(client.execute("SELECT id, region, aux['amount'] FROM " + name).rows().toString())
          .isEqualTo("[[1, eu, 7]]");
      assertThat(client.execute("SELECT * FROM " + name).rows().get(0)).hasSize(3);
    }
    client.execute("DROP TABLE " + name);
  }

  @Test
  void controlTablesAreKeptWhenTold() {
    String name = "awsdms_kept_" + System.nanoTime();
    TestTable table =
        new TestTable(
            new TableSchema(
                new TableName("", name),
                List.of(TestTable.column("task", DataType.STRING, null)),
                List.of("task")));
    try (CrateSink sink = CrateSink.open(settings("control_tables=keep"))) {
      sink.apply(table.create());
      sink.write(table.name(), List.of(table.put("t")));
      CrateClient client = RealCrate.client();
      client.execute("REFRESH TABLE \"dms\".\"" + name + "\"");
      assertThat(client.execute("SELECT count(*) FROM \"dms\".\"" + name + "\"").rows().toString())
          .isEqualTo("[[1]]");
      client.execute("DROP TABLE \"dms\".\"" + name + "\"");
    }
  }
}
