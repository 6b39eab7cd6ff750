package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import io.dynapipe.stream.kinesis.KinesisLocal;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.task.StreamProcess;
import io.dynapipe.task.TaskStatistics;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks whose target is a stream at Amazon Kinesis, which the emulator is here. */
final class RealStreamIT {

  /** What the AWS SDK reads, as it does the variable AWS_ENDPOINT_URL_KINESIS. */
  private static final String ENDPOINT = "aws.endpointUrlKinesis";

  private static final int ROWS = 500;

  private final String stream = "real-" + UUID.randomUUID();
  private URI kinesis;

  @BeforeEach
  void pointToTheEmulator() throws Exception {
    kinesis = KinesisLocal.endpoint();
    System.setProperty(ENDPOINT, kinesis.toString());
  }

  @AfterEach
  void pointToAws() {
    System.clearProperty(ENDPOINT);
  }

  private KinesisUrl url(String options) {
    return (KinesisUrl)
        StreamUrl.parse(
            "kinesis://eu-central-1/" + stream + "?pace=false&endpoint=" + kinesis + options);
  }

  private static Service service(Path state, EmbeddedServer server) {
    return new Service(
        new ServiceSettings(
            state,
            SinkUrl.parse(server.url("unused"), Map.of()),
            Layout.DOCUMENT,
            ServiceSettings.LOCAL_ACCOUNT,
            "127.0.0.1",
            0));
  }

  private static String rows(EmbeddedServer server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/target", "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  @Test
  void writesAStreamThatOthersApply(@TempDir Path state) throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target", "unused")) {
      server.execute(
          "source",
          "CREATE TABLE foo (id int PRIMARY KEY, name text)",
          "INSERT INTO foo SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g");
      try (Service service = service(state, server)) {
        Replications tasks = new Replications(new ApiClient(service.port()));
        String config =
            tasks.create(
                "real",
                tasks.source("real", server.port(), ""),
                tasks.target("real", "arn:aws:kinesis:eu-central-1:000000000000:stream/" + stream),
                "full-load-and-cdc",
                "foo",
                "");
        tasks.start(config, "");
        tasks.await(config, "failed");
        assertThat(tasks.show(config).path("FailureMessages").get(0).asText())
            .contains("there is no stream '" + stream + "' in eu-central-1");

        KinesisStream.open(url("&shards=2")).close();
        assertThat(tasks.tryStart(config, "reload-target", "").status()).isEqualTo(200);
        Replications.await(
            () -> "the load in the stream: " + tasks.tables(config),
            () -> tasks.table(config).path("FullLoadRows").asInt() == ROWS);
        server.execute("source", "UPDATE foo SET name = 'changed'", "DELETE FROM foo WHERE id = 1");
        Replications.await(
            () -> "all in the stream: " + tasks.tables(config),
            () -> {
              JsonNode table = tasks.table(config);
              return table.path("AppliedUpdates").asInt() == ROWS
                  && table.path("AppliedDeletes").asInt() == 1;
            });
        apply(server);
        tasks.stop(config);
        tasks.delete(config);
      }
      assertThat(rows(server, "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }
  }

  private void apply(EmbeddedServer server) throws Exception {
    try (StreamProcess process =
        StreamProcess.open(
            url(""),
            SinkUrl.parse(server.url("target"), Map.of()),
            Layout.DOCUMENT,
            Set.of(),
            new TaskStatistics())) {
      process.start();
      Replications.await(
          () -> "all in the target",
          () -> {
            process.throwFailure();
            try {
              return rows(server, "SELECT to_regclass('public.foo')") != null
                  && rows(server, "SELECT count(*) FROM public.foo WHERE data->>'name' = 'changed'")
                      .equals(Integer.toString(ROWS - 1));
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }
}
