package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code dynapipe.removals}: which row each removal took from a table without a key. It
 * is written before the row is deleted, so that a replay takes the same row and no second one.
 * Thread-safe.
 */
final class Removals {

  private static final TableName TABLE = new TableName("dynapipe", "removals");

  /** Longer than any stream keeps records (Kinesis: a year), so that no replay can ask for it. */
  private static final Duration KEPT = Duration.ofDays(400);

  private final CrateClient client;
  private final Clock clock;
  private volatile boolean present;

  Removals(CrateClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Makes later reads see all writes before them. */
  void refresh() {
    create();
    client.execute("REFRESH TABLE " + SqlText.table(TABLE));
  }

  /** The victims of these removals that are known; an empty text when there was none. */
  Map<String, String> victims(TableName table, Collection<String> removals) {
    Map<String, String> victims = new HashMap<>();
    for (List<@Nullable Object> row : rows(table, "event", removals)) {
      victims.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
    return victims;
  }

  /** Those of these rows that some removal took. */
  Set<String> taken(TableName table, Collection<String> rows) {
    Set<String> taken = new HashSet<>();
    for (List<@Nullable Object> row : rows(table, "victim", rows)) {
      taken.add(String.valueOf(row.get(1)));
    }
    return taken;
  }

  private List<List<@Nullable Object>> rows(
      TableName table, String column, Collection<String> values) {
    if (values.isEmpty()) {
      return List.of();
    }
    return client
        .execute(
            "SELECT event, victim FROM "
                + SqlText.table(TABLE)
                + " WHERE table_name = ? AND "
                + column
                + " = ANY(?)",
            table.toString(),
            new ArrayList<>(values))
        .rows();
  }

  /** Records victims by removal. */
  void record(TableName table, Map<String, String> victims) {
    if (victims.isEmpty()) {
      return;
    }
    List<Object> events = new ArrayList<>(victims.keySet());
    List<Object> rows = new ArrayList<>();
    events.forEach(event -> rows.add(victims.get(event)));
    long now = clock.millis();
    SqlAnswer answer =
        client.execute(
            "INSERT INTO "
                + SqlText.table(TABLE)
                + " (table_name, event, victim, removed) (SELECT ?, e, v, ?::timestamp FROM"
                + " UNNEST(?, ?) AS t (e, v)) ON CONFLICT (table_name, event) DO UPDATE SET"
                + " victim = excluded.victim",
            table.toString(),
            now,
            events,
            rows);
    if (answer.rowCount() != victims.size()) {
      throw io.dynapipe.error.PipelineException.retryable(
          TABLE + " took " + answer.rowCount() + " of " + victims.size() + " rows", null);
    }
  }

  private void create() {
    if (!present) {
      client.execute(
          "CREATE TABLE IF NOT EXISTS "
              + SqlText.table(TABLE)
              + " (table_name TEXT, event TEXT, victim TEXT, removed TIMESTAMP WITH TIME ZONE,"
              + " PRIMARY KEY (table_name, event)) CLUSTERED INTO 1 SHARDS");
      client.execute(
          "DELETE FROM " + SqlText.table(TABLE) + " WHERE removed < ?",
          clock.millis() - KEPT.toMillis());
      present = true;
    }
  }
}
