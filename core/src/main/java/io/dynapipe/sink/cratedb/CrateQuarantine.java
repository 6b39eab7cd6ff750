package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.QuarantineHold;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code dynapipe.quarantine}. Each read refreshes it first, since only reads by primary
 * key see the last writes. Thread-safe.
 */
final class CrateQuarantine implements Quarantine {

  private static final TableName TABLE = new TableName("dynapipe", "quarantine");
  private static final String COLUMNS =
      "id, table_name, key, operation, event, reason, shard, sequence_number, quarantined";

  private static final String OVERWRITE =
      "UPDATE SET table_name = excluded.table_name, key = excluded.key,"
          + " operation = excluded.operation, event = excluded.event, reason = excluded.reason,"
          + " shard = excluded.shard, sequence_number = excluded.sequence_number,"
          + " quarantined = excluded.quarantined";

  /**
   * CrateDB reads no text of more than 20,000,000 characters. A longer event is in the object
   * {@code more}, in pieces, and this is in its place.
   */
  private static final String IN_PIECES = "(in pieces: see the column \"more\")";

  private static final int MAX_CHARS = 15_000_000;

  private final CrateClient client;
  private volatile boolean present;

  CrateQuarantine(CrateClient client) {
    this.client = client;
  }

  @Override
  public void add(List<QuarantineEntry> entries) {
    insert(entries, "NOTHING");
  }

  @Override
  public void replace(List<QuarantineEntry> entries) {
    insert(entries, OVERWRITE);
  }

  private void insert(List<QuarantineEntry> entries, String onConflict) {
    if (entries.isEmpty()) {
      return;
    }
    create();
    for (QuarantineEntry entry : entries) {
      boolean inPieces = entry.event().length() > MAX_CHARS;
      client.execute(
          "INSERT INTO "
              + SqlText.table(TABLE)
              + " ("
              + COLUMNS
              + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO "
              + onConflict,
          entry.id(),
          entry.hold().table(),
          entry.hold().key(),
          entry.operation(),
          inPieces ? IN_PIECES : entry.event(),
          entry.reason(),
          entry.shard(),
          entry.sequenceNumber(),
          entry.quarantinedMillis());
      if (inPieces) {
        keepPieces(entry);
      }
    }
  }

  /** After its row: a crash in between brings both again, since the stream's position stays. */
  private void keepPieces(QuarantineEntry entry) {
    String text = entry.event();
    List<String> pieces = new ArrayList<>();
    int begin = 0;
    while (begin < text.length()) {
      int end = Math.min(text.length(), begin + MAX_CHARS);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      pieces.add(text.substring(begin, end));
      begin = end;
    }
    String table = SqlText.table(TABLE);
    String present =
        "SELECT 1 FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND"
            + " column_name = 'more'";
    if (client.execute(present, TABLE.schema(), TABLE.name()).rows().isEmpty()) {
      client.execute("ALTER TABLE " + table + " ADD COLUMN more OBJECT(IGNORED)");
    }
    client.execute(
        "UPDATE " + table + " SET more = ? WHERE id = ?", Map.of("pieces", pieces), entry.id());
  }

  private String event(String id, String text) {
    if (!text.equals(IN_PIECES)) {
      return text;
    }
    StringBuilder whole = new StringBuilder();
    String sql = "SELECT more['pieces'] FROM " + SqlText.table(TABLE) + " WHERE id = ?";
    for (List<@Nullable Object> row : client.execute(sql, id).rows()) {
      if (row.get(0) instanceof List<?> pieces) {
        pieces.forEach(whole::append);
      }
    }
    return whole.toString();
  }

  @Override
  public Set<QuarantineHold> holds() {
    Set<QuarantineHold> holds = new HashSet<>();
    for (List<@Nullable Object> row : rows("table_name, key", " GROUP BY table_name, key")) {
      holds.add(new QuarantineHold(text(row, 0), text(row, 1)));
    }
    return holds;
  }

  @Override
  public List<QuarantineEntry> list() {
    List<QuarantineEntry> entries = new ArrayList<>();
    // Sequence numbers are decimal texts of any length.
    for (List<@Nullable Object> row :
        rows(COLUMNS, " ORDER BY shard, char_length(sequence_number), sequence_number, id")) {
      entries.add(
          new QuarantineEntry(
              text(row, 0),
              new QuarantineHold(text(row, 1), text(row, 2)),
              text(row, 3),
              event(text(row, 0), text(row, 4)),
              text(row, 5),
              text(row, 6),
              text(row, 7),
              row.get(8) instanceof Number time ? time.longValue() : 0));
    }
    return entries;
  }

  @Override
  public long count() {
    List<List<@Nullable Object>> rows = rows("count(*)", "");
    return !rows.isEmpty() && rows.get(0).get(0) instanceof Number count ? count.longValue() : 0;
  }

  @Override
  public void remove(List<String> ids) {
    if (!ids.isEmpty() && isPresent()) {
      for (String id : ids) {
        client.execute("DELETE FROM " + SqlText.table(TABLE) + " WHERE id = ?", id);
      }
    }
  }

  private static String text(List<@Nullable Object> row, int column) {
    Object value = row.get(column);
    return value == null ? "" : value.toString();
  }

  private List<List<@Nullable Object>> rows(String columns, String rest) {
    if (!isPresent()) {
      return List.of();
    }
    return client.execute("SELECT " + columns + " FROM " + SqlText.table(TABLE) + rest).rows();
  }

  /** Refreshes the table and tells whether there is one. */
  private boolean isPresent() {
    SqlAnswer answer = client.attempt("REFRESH TABLE " + SqlText.table(TABLE));
    CrateError error = answer.error();
    if (error != null && !error.isMissingTable()) {
      throw error.toException("cannot read " + TABLE);
    }
    present = error == null;
    return present;
  }

  private void create() {
    if (!present) {
      String text = " TEXT INDEX OFF STORAGE WITH (columnstore = false), ";
      client.execute(
          "CREATE TABLE IF NOT EXISTS "
              + SqlText.table(TABLE)
              + " (id TEXT PRIMARY KEY, table_name TEXT, key"
              + text
              + "operation TEXT, event"
              + text
              + "reason"
              + text
              + "shard TEXT, sequence_number TEXT, quarantined TIMESTAMP WITH TIME ZONE)"
              + " CLUSTERED INTO 1 SHARDS");
      present = true;
    }
  }
}
