package io.dynapipe.processor;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.PendingRow.Step;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.QuarantineHold;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Gathers the records of a batch that cannot be applied, and brings them into quarantine. */
final class SetAside {

  static final String BEHIND_KEY = "waits behind an earlier record of the same key";
  static final String BEHIND_TABLE = "waits behind an earlier record of the same table";
  private static final QuarantineHold NOTHING = new QuarantineHold("", "");

  private final List<StoredRecord> batch;
  private final Quarantine quarantine;
  private final HeldKeys held;
  private final Clock clock;
  private final List<QuarantineEntry> entries = new ArrayList<>();

  SetAside(List<StoredRecord> batch, Quarantine quarantine, HeldKeys held, Clock clock) {
    this.batch = batch;
    this.quarantine = quarantine;
    this.held = held;
    this.clock = clock;
  }

  static String noDefinition(TableName table) {
    return "no definition of "
        + table
        + " is known: no create-table event came before this record, and the target has no such"
        + " table. Reload the table, or create it in the target with its primary key, then retry.";
  }

  static String noKey(ColumnNames keyColumns) {
    return "the record lacks a value of the primary key " + keyColumns + ": it addresses no row.";
  }

  static String noOldRow(TableName table) {
    return table
        + " has no primary key and the record does not tell the old row. Give the source table a"
        + " primary key, or REPLICA IDENTITY FULL with a before image of all columns.";
  }

  static String reason(PipelineException failure) {
    return failure.getMessage() + (failure.cure() == null ? "" : " " + failure.cure());
  }

  void unreadable(int index, String reason) {
    add(index, "", NOTHING, "unreadable", reason);
  }

  void row(Step step, @Nullable RowKeys keys, String reason) {
    TableName table = step.change().table();
    String operation = step.change().operation().name().toLowerCase(Locale.ROOT);
    if (keys == null) {
      // It addresses no row, so no row has to wait for it.
      add(step.index(), "", NOTHING, operation, reason);
      return;
    }
    hold(step.index(), "", HeldKeys.hold(table, keys.key()), operation, reason);
    if (keys.previous() != null) {
      hold(step.index(), "/previous-key", HeldKeys.hold(table, keys.previous()), operation, reason);
    }
  }

  /** The table cannot go on: this record and all later ones of its table wait. */
  void tableOf(Step step, String reason) {
    TableName table = step.change().table();
    String operation = step.change().operation().name().toLowerCase(Locale.ROOT);
    hold(step.index(), "", HeldKeys.hold(table), operation, reason);
  }

  void tableChange(int index, TableChange change, String reason) {
    String operation = change.operation().name().toLowerCase(Locale.ROOT).replace('_', '-');
    hold(index, "", HeldKeys.hold(change.table()), operation, reason);
  }

  private void hold(
      int index, String suffix, QuarantineHold hold, String operation, String reason) {
    held.add(hold);
    add(index, suffix, hold, operation, reason);
  }

  private void add(int index, String suffix, QuarantineHold hold, String operation, String reason) {
    StoredRecord stored = batch.get(index);
    entries.add(
        new QuarantineEntry(
            stored.shard() + ":" + stored.sequenceNumber() + suffix,
            hold,
            operation,
            new String(stored.data(), StandardCharsets.UTF_8),
            reason,
            stored.shard(),
            stored.sequenceNumber().toString(),
            clock.millis()));
  }

  List<QuarantineEntry> entries() {
    return entries;
  }

  /** Makes what was gathered durable; once, at the end of the batch. */
  void flush() {
    if (!entries.isEmpty()) {
      quarantine.add(List.copyOf(entries));
    }
  }
}
