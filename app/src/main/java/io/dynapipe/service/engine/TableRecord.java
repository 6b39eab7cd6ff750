package io.dynapipe.service.engine;

import io.dynapipe.event.TableName;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.service.engine.TableFigures.State;

/** The figures of one table, as they grow. Guarded by its {@link TaskRecord}. */
final class TableRecord {

  private static final String SEPARATOR = " ";

  final TableName table;
  TableCounts capturedBefore = TableCounts.NONE;
  TableCounts capturedNow = TableCounts.NONE;
  TableCounts applied = TableCounts.NONE;
  State state = State.BEFORE_LOAD;
  long loadStartMillis;
  long loadEndMillis;
  boolean reloaded;
  long changedMillis;

  /** As last stored. */
  String stored = "";

  TableRecord(TableName table) {
    this.table = table;
  }

  TableFigures figures() {
    return new TableFigures(
        table,
        capturedBefore.plus(capturedNow),
        applied,
        state,
        loadStartMillis,
        loadEndMillis,
        reloaded,
        changedMillis);
  }

  /** What a restart needs, as text. */
  String text() {
    return String.join(
        SEPARATOR,
        text(capturedBefore.plus(capturedNow)),
        text(applied),
        state.name(),
        Long.toString(loadStartMillis),
        Long.toString(loadEndMillis),
        Boolean.toString(reloaded),
        Long.toString(changedMillis));
  }

  private static String text(TableCounts counts) {
    return counts.loads()
        + SEPARATOR
        + counts.inserts()
        + SEPARATOR
        + counts.updates()
        + SEPARATOR
        + counts.deletes()
        + SEPARATOR
        + counts.tableChanges()
        + SEPARATOR
        + counts.quarantined();
  }

  /** Reads what {@link #text} wrote. */
  static TableRecord of(TableName table, String text) {
    TableRecord record = new TableRecord(table);
    String[] words = text.split(SEPARATOR);
    record.capturedBefore = counts(words, 0);
    record.applied = counts(words, 6);
    record.state = State.valueOf(words[12]);
    record.loadStartMillis = Long.parseLong(words[13]);
    record.loadEndMillis = Long.parseLong(words[14]);
    record.reloaded = Boolean.parseBoolean(words[15]);
    record.changedMillis = Long.parseLong(words[16]);
    record.stored = text;
    return record;
  }

  private static TableCounts counts(String[] words, int from) {
    return new TableCounts(
        Long.parseLong(words[from]),
        Long.parseLong(words[from + 1]),
        Long.parseLong(words[from + 2]),
        Long.parseLong(words[from + 3]),
        Long.parseLong(words[from + 4]),
        Long.parseLong(words[from + 5]));
  }
}
