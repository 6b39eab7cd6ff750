package io.dynapipe.dms;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Column;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.Transaction;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that an event holds, as lines of text for golden files. */
final class EventText {

  private final List<String> lines = new ArrayList<>();

  private EventText() {}

  static List<String> of(ChangeEvent event) {
    EventText text = new EventText();
    if (event instanceof RowChange change) {
      text.add(change.operation() + " " + quoted(change.table().toString()));
      text.row("data", change.row());
      text.row("before", change.before());
    } else if (event instanceof TableChange change) {
      text.add(change.operation() + " " + quoted(change.table().toString()));
      text.schema(change.schema());
      text.add("previous", change.previousTable());
      change.renamedColumns().forEach((from, to) -> text.add("renamed", from + " to " + to));
    }
    text.origin(event.origin());
    text.extras("record", event.extras().record());
    text.extras("control", event.extras().control());
    text.extras("metadata", event.extras().metadata());
    return text.lines;
  }

  private void row(String name, @Nullable Row row) {
    if (row == null) {
      return;
    }
    add(name + " of " + row.size() + " columns");
    for (int i = 0; i < row.size(); i++) {
      ValueKind kind = row.kind(i);
      String value = row.text(i);
      String shown = value == null ? "" : " " + (kind == ValueKind.TEXT ? quoted(value) : value);
      add("  " + quoted(row.columns().name(i)) + " " + kind + shown);
    }
  }

  private void schema(@Nullable TableSchema schema) {
    if (schema == null) {
      add("no definition");
      return;
    }
    for (Column column : schema.columns()) {
      add(
          "  %s %s(%s) %s source=%s precision=%s scale=%s"
              .formatted(
                  quoted(column.name()),
                  column.type(),
                  column.length(),
                  column.nullable() ? "null" : "not null",
                  column.sourceType(),
                  column.precision(),
                  column.scale()));
    }
    add("key", schema.primaryKey());
  }

  private void origin(Origin origin) {
    add("made", time(origin.timestampMicros()));
    Transaction transaction = origin.transaction();
    if (transaction != null) {
      Long commit = transaction.commitMicros();
      add("transaction", transaction.id());
      add("committed", commit == null ? null : time(commit));
      add("previous transaction", transaction.previousId());
      add("previous records", transaction.previousRecords());
    }
    if (origin.recordInTransaction() != 0) {
      add("record", origin.recordInTransaction());
    }
    add("position", origin.position());
  }

  private void extras(String where, Map<String, String> extras) {
    extras.forEach((name, json) -> add("unknown in " + where, name + " = " + json));
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  private static String quoted(String text) {
    return new JsonBuffer(64).string(text).toString();
  }

  private void add(String line) {
    lines.add("= " + line);
  }

  private void add(String name, @Nullable Object value) {
    if (value != null) {
      add(name + " " + value);
    }
  }
}
