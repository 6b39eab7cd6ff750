package io.dynapipe.sink.postgres;

import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.QuarantineHold;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The table {@code dynapipe.quarantine}. Thread-safe. */
final class PostgresQuarantine implements Quarantine {

  private static final String INSERT =
      """
      INSERT INTO dynapipe.quarantine (id, table_name, key, operation, event, reason, shard,
        sequence_number, quarantined_at, escaped)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO\
      """;

  private static final String KEEP = " NOTHING";

  private static final String OVERWRITE =
      """
       UPDATE SET table_name = excluded.table_name, key = excluded.key,
        operation = excluded.operation, event = excluded.event, reason = excluded.reason,
        shard = excluded.shard, sequence_number = excluded.sequence_number,
        quarantined_at = excluded.quarantined_at, escaped = excluded.escaped\
      """;

  /** Sequence numbers are decimal numbers of any length: the longer is the greater. */
  private static final String LIST =
      """
      SELECT id, table_name, key, operation, event, reason, shard, sequence_number,
             quarantined_at, escaped
      FROM dynapipe.quarantine
      ORDER BY length(sequence_number), sequence_number COLLATE "C", shard, id\
      """;

  private static final int ROWS_AT_ONCE = 500;

  private final Database database;

  PostgresQuarantine(Database database) {
    this.database = database;
  }

  @Override
  public void add(List<QuarantineEntry> entries) {
    insert(entries, INSERT + KEEP);
  }

  @Override
  public void replace(List<QuarantineEntry> entries) {
    insert(entries, INSERT + OVERWRITE);
  }

  private void insert(List<QuarantineEntry> entries, String sql) {
    if (entries.isEmpty()) {
      return;
    }
    database.change(
        "writing dynapipe.quarantine",
        connection -> {
          Bookkeeping.ensure(connection);
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (QuarantineEntry entry : entries) {
              bind(statement, entry);
              statement.addBatch();
            }
            statement.executeBatch();
          }
        });
  }

  private static void bind(PreparedStatement statement, QuarantineEntry entry) throws SQLException {
    boolean escaped = hasNul(entry.hold().key()) || hasNul(entry.event()) || hasNul(entry.reason());
    statement.setString(1, entry.id());
    statement.setString(2, entry.hold().table());
    statement.setString(3, stored(entry.hold().key(), escaped));
    statement.setString(4, entry.operation());
    statement.setString(5, stored(entry.event(), escaped));
    statement.setString(6, stored(entry.reason(), escaped));
    statement.setString(7, entry.shard());
    statement.setString(8, entry.sequenceNumber());
    statement.setObject(
        9, Instant.ofEpochMilli(entry.quarantinedMillis()).atOffset(ZoneOffset.UTC));
    statement.setBoolean(10, escaped);
  }

  @Override
  public Set<QuarantineHold> holds() {
    return database.inTransaction(
        "reading dynapipe.quarantine",
        connection -> {
          Bookkeeping.ensure(connection);
          Set<QuarantineHold> holds = new HashSet<>();
          try (Statement statement = connection.createStatement();
              ResultSet result =
                  statement.executeQuery(
                      "SELECT DISTINCT table_name, key, escaped FROM dynapipe.quarantine")) {
            while (result.next()) {
              holds.add(
                  new QuarantineHold(
                      result.getString(1), original(result.getString(2), result.getBoolean(3))));
            }
          }
          return holds;
        });
  }

  @Override
  public List<QuarantineEntry> list() {
    return database.inTransaction(
        "reading dynapipe.quarantine",
        connection -> {
          Bookkeeping.ensure(connection);
          return list(connection);
        });
  }

  private static List<QuarantineEntry> list(Connection connection) throws SQLException {
    List<QuarantineEntry> entries = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet result = statement.executeQuery(LIST)) {
        while (result.next()) {
          boolean escaped = result.getBoolean(10);
          entries.add(
              new QuarantineEntry(
                  result.getString(1),
                  new QuarantineHold(result.getString(2), original(result.getString(3), escaped)),
                  result.getString(4),
                  original(result.getString(5), escaped),
                  original(result.getString(6), escaped),
                  result.getString(7),
                  result.getString(8),
                  result.getObject(9, OffsetDateTime.class).toInstant().toEpochMilli()));
        }
      }
    }
    return entries;
  }

  @Override
  public long count() {
    return database.inTransaction(
        "reading dynapipe.quarantine",
        connection -> {
          Bookkeeping.ensure(connection);
          try (Statement statement = connection.createStatement();
              ResultSet result =
                  statement.executeQuery("SELECT count(*) FROM dynapipe.quarantine")) {
            return result.next() ? result.getLong(1) : 0L;
          }
        });
  }

  @Override
  public void remove(List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    database.change(
        "writing dynapipe.quarantine",
        connection -> {
          Bookkeeping.ensure(connection);
          try (PreparedStatement statement =
              connection.prepareStatement("DELETE FROM dynapipe.quarantine WHERE id = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            statement.executeUpdate();
          }
        });
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }

  /** PostgreSQL's text knows no NUL: where one occurs, backslashes and NULs are escaped. */
  private static String stored(String text, boolean escaped) {
    return escaped ? text.replace("\\", "\\\\").replace("\0", "\\0") : text;
  }

  private static String original(String text, boolean escaped) {
    if (!escaped) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      plain.append(next != '\\' ? next : text.charAt(++i) == '0' ? '\0' : '\\');
    }
    return plain.toString();
  }
}
