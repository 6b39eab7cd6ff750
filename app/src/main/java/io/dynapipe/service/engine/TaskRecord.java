package io.dynapipe.service.engine;

import io.dynapipe.event.TableName;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.service.engine.TableFigures.State;
import io.dynapipe.stream.embedded.TaskState;
import io.dynapipe.task.TableStatistics;
import io.dynapipe.task.TaskStatistics;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a task over all its runs. They are stored every now and then: a crash may lose the
 * counts of the last seconds, never rows. Thread-safe.
 */
final class TaskRecord {

  private static final String TABLE = "table:";
  private static final String ALIAS = "alias:";
  private static final String STREAM = "stream";
  private static final String QUOTE = "\"";

  private final TaskState state;
  private final Clock clock;
  private final Map<TableName, TableRecord> tables = new TreeMap<>();
  private String stream;
  private final Map<TableName, TableName> sources = new HashMap<>();
  private @Nullable TaskStatistics run;

  /** Reads what was stored. */
  TaskRecord(TaskState state, Clock clock) {
    this.state = state;
    this.clock = clock;
    Map<String, String> stored = state.all("");
    this.stream = stored.getOrDefault(STREAM, "");
    stored.forEach(
        (key, value) -> {
          if (key.startsWith(ALIAS)) {
            sources.put(parse(key.substring(ALIAS.length())), parse(value));
          } else if (key.startsWith(TABLE)) {
            TableName table = parse(key.substring(TABLE.length()));
            tables.put(table, TableRecord.of(table, value));
          }
        });
  }

  /** Schema and name with a character between that neither can hold unless doubled. */
  private static String text(TableName table) {
    return table.schema().replace(QUOTE, "\"\"") + "\" " + table.name();
  }

  private static TableName parse(String text) {
    int end = 0;
    while (text.charAt(end) != '"' || text.charAt(end + 1) == '"') {
      end += text.charAt(end) == '"' ? 2 : 1;
    }
    return new TableName(text.substring(0, end).replace("\"\"", QUOTE), text.substring(end + 2));
  }

  /** The stream that the task writes to; empty before its first run. */
  synchronized String stream() {
    return stream;
  }

  /** A run begins; its captured events are counted by {@code statistics}. */
  synchronized void begin(String streamName, TaskStatistics statistics) {
    takeOver();
    stream = streamName;
    state.put(STREAM, streamName);
    run = statistics;
  }

  /** Forgets all figures: the task begins anew. */
  synchronized void reset() {
    run = null;
    tables.clear();
    sources.clear();
    state.clear();
  }

  /** The tables that a run works on. */
  synchronized void known(Collection<TableName> names, State initial) {
    for (TableName name : names) {
      TableRecord table = table(name);
      if (table.state == State.BEFORE_LOAD && initial != State.BEFORE_LOAD) {
        change(table, initial);
      }
    }
  }

  private TableRecord table(TableName name) {
    return tables.computeIfAbsent(
        name,
        table -> {
          TableRecord fresh = new TableRecord(table);
          fresh.changedMillis = clock.millis();
          return fresh;
        });
  }

  private void change(TableRecord table, State to) {
    table.state = to;
    table.changedMillis = clock.millis();
  }

  synchronized void loading(TableName name) {
    TableRecord table = table(name);
    table.loadStartMillis = clock.millis();
    table.loadEndMillis = 0;
    change(table, State.FULL_LOAD);
  }

  synchronized void loaded(TableName name) {
    TableRecord table = table(name);
    if (table.state != State.COMPLETED) {
      table.loadEndMillis = clock.millis();
      change(table, State.COMPLETED);
    }
  }

  /** The table cannot go on. */
  synchronized void suspended(TableName name) {
    change(table(name), State.ERROR);
  }

  /** The rows of a load that begins again are counted from zero. */
  synchronized void reloading(Set<TableName> names) {
    takeOver();
    for (TableName name : names) {
      TableRecord table = table(name);
      table.capturedBefore = withoutLoads(table.capturedBefore);
      table.applied = withoutLoads(table.applied);
      table.reloaded = true;
      change(table, State.RELOADING);
    }
  }

  private static TableCounts withoutLoads(TableCounts counts) {
    return new TableCounts(
        0,
        counts.inserts(),
        counts.updates(),
        counts.deletes(),
        counts.tableChanges(),
        counts.quarantined());
  }

  /** Counts what was applied of this task's tables, or of tables that no other task knows. */
  synchronized void applied(TableName target, TableCounts counts) {
    TableRecord table = table(sources.getOrDefault(target, target));
    table.applied = table.applied.plus(counts);
    table.changedMillis = clock.millis();
  }

  /** Counts what was applied up to what this task has captured, and returns the rest. */
  synchronized TableCounts appliedOwn(TableName target, TableCounts counts) {
    refresh();
    TableRecord table = table(sources.getOrDefault(target, target));
    TableCounts captured = table.capturedBefore.plus(table.capturedNow);
    TableCounts own =
        new TableCounts(
            own(counts.loads(), captured.loads(), table.applied.loads()),
            own(counts.inserts(), captured.inserts(), table.applied.inserts()),
            own(counts.updates(), captured.updates(), table.applied.updates()),
            own(counts.deletes(), captured.deletes(), table.applied.deletes()),
            own(counts.tableChanges(), captured.tableChanges(), table.applied.tableChanges()),
            0);
    if (!own.equals(TableCounts.NONE)) {
      applied(target, own);
    }
    return new TableCounts(
        counts.loads() - own.loads(),
        counts.inserts() - own.inserts(),
        counts.updates() - own.updates(),
        counts.deletes() - own.deletes(),
        counts.tableChanges() - own.tableChanges(),
        counts.quarantined());
  }

  private static long own(long count, long captured, long applied) {
    return Math.max(0, Math.min(count, captured - applied));
  }

  synchronized boolean knows(TableName target) {
    return sources.containsKey(target) || tables.containsKey(target);
  }

  /**
   * What is applied to {@code target} is counted for {@code source}, which mapping rules renamed.
   */
  synchronized void renamed(TableName source, TableName target) {
    if (!source.equals(target) && !source.equals(sources.put(target, source))) {
      state.put(ALIAS + text(target), text(source));
    }
  }

  synchronized List<TableFigures> figures() {
    refresh();
    return tables.values().stream().map(TableRecord::figures).toList();
  }

  /**
   * What is counted over all tables.
   *
   * @param captured read at the source
   * @param applied durable in the target, or quarantined
   * @param lagMicros how long after its commit the last transaction was captured; 0 for none
   * @param commitMicros commit time of the last captured transaction, since 1970; 0 for none
   */
  record Totals(TableCounts captured, TableCounts applied, long commitMicros, long lagMicros) {}

  synchronized Totals totals() {
    refresh();
    TableCounts captured = TableCounts.NONE;
    TableCounts applied = TableCounts.NONE;
    for (TableRecord table : tables.values()) {
      captured = captured.plus(table.capturedBefore).plus(table.capturedNow);
      applied = applied.plus(table.applied);
    }
    return new Totals(
        captured,
        applied,
        run == null ? 0 : run.lastCommitMicros(),
        run == null ? 0 : run.lastLagMicros());
  }

  /** Commit time of the last captured change, microseconds since 1970; 0 before the first. */
  synchronized long lastCommitMicros() {
    return run == null ? 0 : run.lastCommitMicros();
  }

  private void refresh() {
    TaskStatistics current = run;
    if (current == null) {
      return;
    }
    for (TableStatistics counted : current.tables()) {
      TableRecord table = table(counted.table());
      if (!table.capturedNow.equals(counted.captured())) {
        table.capturedNow = counted.captured();
        table.changedMillis = clock.millis();
      }
    }
  }

  /** What a run has counted stays when the next run counts from zero. */
  private void takeOver() {
    refresh();
    run = null;
    for (TableRecord table : tables.values()) {
      table.capturedBefore = table.capturedBefore.plus(table.capturedNow);
      table.capturedNow = TableCounts.NONE;
    }
  }

  /** Stores what has changed since the last time. */
  synchronized void store() {
    refresh();
    Map<String, String> changes = new HashMap<>();
    for (TableRecord table : tables.values()) {
      String text = table.text();
      if (!text.equals(table.stored)) {
        changes.put(TABLE + text(table.table), text);
        table.stored = text;
      }
    }
    if (!changes.isEmpty()) {
      state.change(changes);
    }
  }

  synchronized void end() {
    takeOver();
    store();
  }
}
