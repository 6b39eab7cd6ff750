package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.RowPlan.KeySlot;
import io.dynapipe.sink.cratedb.RowPlan.Slot;
import io.dynapipe.sink.cratedb.TargetTable.AuxPlace;
import io.dynapipe.sink.cratedb.ValueEncoder.Fit;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as parameters of the statements in {@link Statements}, straight from their bytes. One
 * thread at a time.
 *
 * <p>Each method appends one JSON array and returns null, or appends nothing and returns why the
 * row cannot be written.
 */
final class RowRenderer {

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final RowPlan plan;
  private final TargetTable table;

  /** What does not fit, as {@code "name":"text"}. */
  private final JsonBuffer misfits = new JsonBuffer(256);

  /** The same and {@code "name":null} for what does. */
  private final JsonBuffer touched = new JsonBuffer(256);

  RowRenderer(RowPlan plan) {
    this.plan = plan;
    this.table = plan.table();
  }

  /** Parameters of {@link Statements#put}. */
  @Nullable String put(JsonBuffer out, RowWrite write) {
    return row(out, write, false);
  }

  /** Parameters of {@link Statements#merge}. */
  @Nullable String merge(JsonBuffer out, RowWrite write) {
    return row(out, write, true);
  }

  private @Nullable String row(JsonBuffer out, RowWrite write, boolean merge) {
    int start = out.size();
    out.raw('[');
    String problem = pk(out, write);
    if (problem == null) {
      problem = values(out, write, merge);
    }
    boolean column = table.aux() == AuxPlace.COLUMN;
    if (problem == null && (column || (merge && table.hasAux()))) {
      separate(out);
      aux(out, misfits);
      if (merge) {
        out.raw(',');
        aux(out, touched);
      }
    }
    return finish(out, start, problem);
  }

  /** Parameters of {@link Statements#move}: as of merge, and the previous key. */
  @Nullable String move(JsonBuffer out, RowWrite write, RowKey previous) {
    int start = out.size();
    String problem = row(out, write, true);
    if (problem != null) {
      return problem;
    }
    out.truncate(out.size() - 1).raw(',');
    return finish(out, start, keyValues(out, previous));
  }

  /** Parameters of {@link Statements#delete}. */
  @Nullable String key(JsonBuffer out, RowKey key) {
    int start = out.size();
    out.raw('[');
    return finish(out, start, keyValues(out, key));
  }

  private static @Nullable String finish(JsonBuffer out, int start, @Nullable String problem) {
    if (problem == null) {
      out.raw(']');
    } else {
      out.truncate(start);
    }
    return problem;
  }

  private static JsonBuffer separate(JsonBuffer out) {
    return out.size() == 0 || out.array()[out.size() - 1] == '[' ? out : out.raw(',');
  }

  private @Nullable String pk(JsonBuffer out, RowWrite write) {
    if (table.keyStyle() == TargetTable.KeyStyle.EVENT) {
      out.raw("{\"event\":").string(write.eventId()).raw(",\"row\":");
      out.string(RowDigest.of(write.row())).raw('}');
      return null;
    }
    RowKey key = write.key();
    if (table.keyStyle() != TargetTable.KeyStyle.PK_OBJECT || key == null) {
      return null;
    }
    out.raw('{');
    boolean first = true;
    for (KeySlot slot : plan.keys()) {
      if (!first) {
        out.raw(',');
      }
      first = false;
      slot.member().appendTo(out);
      String problem = keyValue(out, slot, key);
      if (problem != null) {
        return problem;
      }
    }
    out.raw('}');
    return null;
  }

  private @Nullable String keyValues(JsonBuffer out, RowKey key) {
    boolean first = true;
    for (KeySlot slot : plan.keys()) {
      if (!first) {
        out.raw(',');
      }
      first = false;
      String problem = keyValue(out, slot, key);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String keyValue(JsonBuffer out, KeySlot slot, RowKey key) {
    Row values = key.values();
    int column = values.columns().indexOf(slot.part().source());
    if (column < 0) {
      return "the key "
          + key
          + " has no '"
          + slot.part().source()
          + "', which the table's primary key asks for: make the table with the source's key";
    }
    return slot.encoder().encode(out, values, column) == Fit.EXACT
        ? null
        : "the key's value "
            + values.text(column)
            + " does not fit "
            + slot.part().reference()
            + " ("
            + slot.part().type()
            + ") exactly: make that column TEXT";
  }

  private @Nullable String values(JsonBuffer out, RowWrite write, boolean merge) {
    misfits.clear();
    touched.clear();
    separate(out);
    if (table.objectData()) {
      data(out, write.row(), merge);
    } else {
      columns(out, write.row(), merge);
    }
    if (table.aux() == AuxPlace.ADDABLE && misfits.size() > 0) {
      throw new AuxNeeded();
    }
    return table.hasAux() || misfits.size() == 0 ? null : noPlace();
  }

  private void data(JsonBuffer out, Row row, boolean merge) {
    out.raw('{');
    boolean first = true;
    for (int i = 0; i < plan.columns().size(); i++) {
      Slot slot = plan.slot(i);
      ValueKind kind = row.kind(i);
      if (!slot.inData() || !(kind.hasValue() || kind == ValueKind.NULL)) {
        continue;
      }
      int before = out.size();
      if (!first) {
        out.raw(',');
      }
      slot.member().appendTo(out);
      boolean written = value(out, row, i, merge);
      if (!written && slot.encoder() != null) {
        // No old value must stay beside what goes to aux.
        out.raw(NULL);
      } else if (!written) {
        out.truncate(before);
        continue;
      }
      first = false;
    }
    if (table.aux() == AuxPlace.MEMBER && misfits.size() > 0) {
      out.raw(first ? "\"_aux\":" : ",\"_aux\":");
      aux(out, misfits);
    }
    out.raw('}');
  }

  /** One parameter for each column of the statement; misfits without a column follow no order. */
  private void columns(JsonBuffer out, Row row, boolean merge) {
    boolean first = true;
    for (int i = 0; i < plan.columns().size(); i++) {
      ValueKind kind = row.kind(i);
      boolean told = kind.hasValue() || kind == ValueKind.NULL;
      boolean parameter = plan.slot(i).encoder() != null && (told || !merge);
      if (parameter && !first) {
        out.raw(',');
      }
      first &= !parameter;
      boolean written = told && value(out, row, i, merge);
      if (parameter && !written) {
        out.raw(NULL);
      }
    }
    for (int i = 0; !merge && i < plan.absent().size(); i++) {
      out.raw(first && i == 0 ? "null" : ",null");
    }
  }

  /**
   * Writes a value or NULL into its place; false when it has none, or does not fit and went to the
   * misfits.
   */
  private boolean value(JsonBuffer out, Row row, int column, boolean merge) {
    Slot slot = plan.slot(column);
    ValueEncoder encoder = slot.encoder();
    boolean value = row.kind(column).hasValue();
    int before = out.size();
    Fit fit = Fit.EXACT;
    if (value) {
      fit = encoder == null ? Fit.NOT : encoder.encode(out, row, column);
    } else if (encoder != null) {
      out.raw(NULL);
    }
    if (fit == Fit.NOT) {
      out.truncate(before);
    }
    boolean beside = fit == Fit.RESPELLED ? table.hasAux() : fit != Fit.EXACT;
    if (beside) {
      misfit(misfits, slot, row, column);
    }
    if (merge && beside) {
      misfit(touched, slot, row, column);
    } else if (merge) {
      slot.member().appendTo(separate(touched)).raw(NULL);
    }
    return fit != Fit.NOT && encoder != null;
  }

  private static void misfit(JsonBuffer into, Slot slot, Row row, int column) {
    slot.member()
        .appendTo(separate(into))
        .string(row.bytes(), row.start(column), row.length(column));
  }

  private static void aux(JsonBuffer out, JsonBuffer members) {
    if (members.size() == 0) {
      out.raw(NULL);
    } else {
      out.raw('{').raw(members.array(), 0, members.size()).raw('}');
    }
  }

  private String noPlace() {
    String text = misfits.toString();
    return "CrateDB's column type cannot hold "
        + (text.length() > 300 ? text.substring(0, 300) + "..." : text)
        + " exactly, and "
        + table.name()
        + " has no place for it: ALTER TABLE "
        + table.sql()
        + " ADD COLUMN aux OBJECT(IGNORED), then retry";
  }
}
