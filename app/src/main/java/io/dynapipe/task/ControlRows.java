package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.Transaction;
import io.dynapipe.mapping.settings.ControlTablesSettings;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.stream.RecordWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the stream how a task goes on, in the rows of the {@code awsdms_*} tables that its settings
 * ask for: at each turn, and from time to time. Thread-safe.
 *
 * <p>Rows are not told again after a failure: they are news, and the next ones say how things are.
 */
final class ControlRows implements AutoCloseable {

  /** What a task is doing, in AWS DMS's words. */
  enum Status {
    NOT_RUNNING,
    FULL_LOAD,
    CHANGE_PROCESSING;

    String words() {
      return name().replace('_', ' ');
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(ControlRows.class);
  private static final int STATUS_SECONDS = 60;
  private static final long BYTES_PER_MB = 1 << 20;

  /** AWS DMS's word for any reason; the log has ours. */
  private static final String SUSPENDED = "Table error";

  private final ControlTablesSettings settings;
  private final String task;
  private final String server = serverName();
  private final EventEncoder encoder;
  private final Outbox outbox;
  private final TaskStatistics statistics;
  private final CaptureProgress progress;
  private final boolean enabled;
  private @Nullable ScheduledExecutorService timer;
  private Status status = Status.NOT_RUNNING;
  private long transactions;
  private long slotRecords;
  private boolean open;
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

  ControlRows(
      TaskDefinition definition,
      RecordWriter writer,
      TaskStatistics statistics,
      CaptureProgress progress) {
    this.settings = definition.settings().controlTables();
    this.task = definition.id();
    this.encoder = definition.encoder();
    this.outbox = new Outbox(writer);
    this.statistics = statistics;
    this.progress = progress;
    this.enabled = definition.migrationType().streams() && isAny(settings);
  }

  /** Tasks that only load have no such tables in AWS DMS, either. */
  private static boolean isAny(ControlTablesSettings settings) {
    return settings.status()
        || settings.history()
        || settings.suspendedTables()
        || settings.fullLoadExceptions();
  }

  private static String serverName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Defines the tables, and says what the task begins with. */
  synchronized void begin(Status first) {
    if (!enabled || open) {
      return;
    }
    open = true;
    if (settings.status()) {
      define(ControlTable.STATUS);
      status(Status.NOT_RUNNING, false);
    }
    if (settings.suspendedTables()) {
      define(ControlTable.SUSPENDED_TABLES);
      ControlTable table = ControlTable.SUSPENDED_TABLES;
      Row row = table.task().addText(server).addText(task).build();
      send(RowChange.delete(name(table), row, Origin.at(now())), table.schema());
    }
    if (settings.history()) {
      define(ControlTable.HISTORY);
    }
    define(ControlTable.APPLY_EXCEPTIONS);
    if (settings.fullLoadExceptions()) {
      define(ControlTable.FULL_LOAD_EXCEPTIONS);
    }
    turn(first);
    if (settings.history()) {
      history(Status.FULL_LOAD, 0);
      history(Status.CHANGE_PROCESSING, 0);
    }
    flush();
    timer = newTimer();
    schedule(timer);
  }

  private ScheduledExecutorService newTimer() {
    return new ScheduledThreadPoolExecutor(
        1,
        run -> {
          Thread thread = new Thread(run, "dynapipe-control-" + task);
          thread.setDaemon(true);
          return thread;
        });
  }

  private static void every(ScheduledExecutorService timer, long seconds, Runnable news) {
    ScheduledFuture<?> unused =
        timer.scheduleAtFixedRate(() -> quietly(news), seconds, seconds, TimeUnit.SECONDS);
  }

  private void schedule(ScheduledExecutorService timer) {
    long slot = Math.max(1, settings.historyTimeslot().toMinutes());
    every(timer, STATUS_SECONDS, this::tellStatus);
    every(timer, TimeUnit.MINUTES.toSeconds(slot), () -> tellHistory(slot));
  }

  /**
   * The stream's failure ends the task where it writes rows; there is nothing to do for it here.
   */
  private static void quietly(Runnable news) {
    try {
      news.run();
    } catch (PipelineException e) {
      LOG.debug("rows of awsdms tables were not written: {}", e.getMessage());
    }
  }

  private synchronized void tellStatus() {
    if (open && settings.status()) {
      status(status, true);
      flush();
    }
  }

  private synchronized void tellHistory(long minutes) {
    if (open && settings.history()) {
      history(status, minutes);
      flush();
    }
  }

  /** The task goes over to something else. */
  synchronized void turn(Status next) {
    status = next;
    if (open && settings.status()) {
      status(next, true);
      flush();
    }
  }

  synchronized void suspended(TableName table) {
    if (open && settings.suspendedTables()) {
      ControlTable control = ControlTable.SUSPENDED_TABLES;
      RowBuilder row = control.row().addText(server).addText(task);
      row.addText(table.schema()).addText(table.name()).addText(SUSPENDED).addText(seconds());
      send(RowChange.insert(name(control), row.build(), transaction()), control.schema());
      flush();
    }
  }

  synchronized void resumed(TableName table) {
    if (open && settings.suspendedTables()) {
      ControlTable control = ControlTable.SUSPENDED_TABLES;
      RowBuilder row = control.key().addText(server).addText(task);
      row.addText(table.schema()).addText(table.name());
      send(RowChange.delete(name(control), row.build(), transaction()), control.schema());
      flush();
    }
  }

  /** A table could not be loaded. */
  synchronized void loadFailed(TableName table, PipelineException failure) {
    if (open && settings.fullLoadExceptions()) {
      ControlTable control = ControlTable.FULL_LOAD_EXCEPTIONS;
      RowBuilder row = control.row().addText(task);
      row.addText(table.schema()).addText(table.name()).addText(seconds());
      row.addText("").addText(String.valueOf(failure.getMessage()));
      send(RowChange.insert(name(control), row.build(), transaction()), control.schema());
      flush();
    }
  }

  private void status(Status now, boolean inTransaction) {
    ControlTable control = ControlTable.STATUS;
    TableCounts captured = statistics.capturedTotal();
    long pending = Math.max(0, captured.rows() - statistics.appliedTotal().rows());
    Runtime runtime = Runtime.getRuntime();
    Lsn position = progress.position();
    String at = now == Status.NOT_RUNNING || position.isNone() ? "" : position.toString();
    String when = now == Status.NOT_RUNNING ? seconds(0) : seconds();
    RowBuilder row = control.row().addText(server).addText(task);
    row.addText(now.words()).addText(seconds()).addNumber(pending).addNumber(0);
    row.addNumber((runtime.totalMemory() - runtime.freeMemory()) / BYTES_PER_MB);
    row.addText(at).addText(when).addText(at).addText(when);
    row.addText(seconds(statistics.lastCommitMicros()));
    Row key = control.task().addText(server).addText(task).build();
    Origin origin = inTransaction ? transaction() : Origin.at(now());
    send(RowChange.update(name(control), row.build(), key, origin), control.schema());
  }

  private void history(Status type, long minutes) {
    ControlTable control = ControlTable.HISTORY;
    long records = statistics.capturedTotal().rows();
    RowBuilder row = control.row().addText(server).addText(task);
    row.addText(type.words()).addText(seconds()).addNumber(minutes);
    row.addNumber(minutes == 0 ? 0 : statistics.lastLagMicros() / 1_000_000);
    row.addNumber(minutes == 0 ? 0 : records - slotRecords).addNumber(0);
    slotRecords = records;
    send(RowChange.insert(name(control), row.build(), transaction()), control.schema());
  }

  private void define(ControlTable table) {
    send(TableChange.create(table.schema(), Origin.at(now())), table.schema());
  }

  private void send(ChangeEvent event, TableSchema schema) {
    encoder.encodeControl(event, schema, outbox);
  }

  /** Does not wait: what cannot be written is told to those who write the source's rows. */
  private void flush() {
    written = outbox.flush();
  }

  /** These tables have transactions of their own, counted from 1. */
  private Origin transaction() {
    long number = ++transactions;
    boolean first = number == 1;
    Long before = first ? null : Long.valueOf(number - 1);
    return new Origin(
        now(), new Transaction(number, now(), before, first ? null : Long.valueOf(1)), 1, null);
  }

  private static TableName name(ControlTable table) {
    return table.schema().table();
  }

  private static long now() {
    return CaptureTask.nowMicros();
  }

  private static String seconds() {
    return seconds(now());
  }

  /** AWS DMS tells seconds only, and 1970 for never. */
  private static String seconds(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Says that the task has ended; waits until that is in the stream, if it takes anything. */
  @Override
  public synchronized void close() {
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
    quietly(() -> turn(Status.NOT_RUNNING));
    open = false;
    quietly(() -> InOrder.join(written));
  }
}
