package io.dynapipe.bench;

import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.Secret;
import io.dynapipe.config.SourceUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's embedded engine, which counts row changes and drops them. Its events stay objects: no
 * time goes into a text form of them. Queue and batches are larger than its defaults, which is the
 * first advice for its throughput.
 */
final class DebeziumLoop {

  private DebeziumLoop() {}

  /** Arguments: URL, table, rows to wait for, and the slot (and publication), for a load none. */
  public static void main(String[] arguments) throws Exception {
    int wanted = Integer.parseInt(arguments[2]);
    @Nullable String slot = arguments.length > 3 ? arguments[3] : null;
    long began = System.nanoTime();
    Path offsets = Files.createTempFile("dynapipe-bench", ".offsets");
    int[] seen = new int[1];
    try (DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(properties(arguments[0], arguments[1], slot, offsets))
            .using(
                (success, message, error) -> {
                  if (!success) {
                    System.err.println(message + ": " + error);
                    Runtime.getRuntime().halt(1);
                  }
                })
            .notifying(
                (events, committer) -> {
                  for (RecordChangeEvent<SourceRecord> event : events) {
                    seen[0] += isRow(event.record()) ? 1 : 0;
                    committer.markProcessed(event);
                  }
                  committer.markBatchFinished();
                  if (seen[0] >= wanted) {
                    Loops.report(began);
                    System.out.flush();
                    Object unused = offsets.toFile().delete();
                    Runtime.getRuntime().halt(0);
                  }
                })
            .build()) {
      engine.run();
    }
  }

  private static boolean isRow(SourceRecord event) {
    return event.value() instanceof Struct value && value.schema().field("op") != null;
  }

  private static Properties properties(String url, String table, @Nullable String slot, Path offsets) {
    PostgresUrl parsed = SourceUrl.parse(url, Map.of());
    Secret password = parsed.password();
    Properties properties = new Properties();
    properties.setProperty("name", "bench");
    properties.setProperty("topic.prefix", "bench");
    properties.setProperty("connector.class", PostgresConnector.class.getName());
    properties.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    properties.setProperty("offset.storage.file.filename", offsets.toString());
    properties.setProperty("database.hostname", parsed.hosts().get(0).host());
    properties.setProperty("database.port", Integer.toString(parsed.hosts().get(0).port()));
    properties.setProperty("database.user", parsed.user());
    properties.setProperty("database.password", password == null ? "none" : password.reveal());
    properties.setProperty("database.dbname", parsed.database());
    properties.setProperty("table.include.list", "public." + table);
    properties.setProperty("plugin.name", "pgoutput");
    properties.setProperty("max.queue.size", "65536");
    properties.setProperty("max.batch.size", "8192");
    if (slot == null) {
      properties.setProperty("snapshot.mode", "initial_only");
      properties.setProperty("slot.name", "dynapipe_bench_debezium");
      properties.setProperty("slot.drop.on.stop", "true");
    } else {
      properties.setProperty("snapshot.mode", "no_data");
      properties.setProperty("slot.name", slot);
      properties.setProperty("publication.name", slot);
      properties.setProperty("publication.autocreate.mode", "disabled");
    }
    return properties;
  }
}
