package io.dynapipe.sink.postgres;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows as typed columns. What a column cannot hold exactly goes to aux, as text by column name. */
final class ColumnsFormat implements RowFormat {

  /** Writes that set the same columns. */
  private record Group(WriteKind kind, ColumnNames key, ColumnNames columns, BitSet given) {}

  private final TargetTable table;
  private final Map<Group, ColumnsPlan> plans = new HashMap<>();

  ColumnsFormat(TargetTable table) {
    this.table = table;
  }

  @Override
  public Object group(RowWrite write) {
    Row row = write.row();
    BitSet given = new BitSet(row.size());
    // A put sets every column, so it does not matter which ones the row holds.
    boolean all = write.kind() == WriteKind.PUT || write.key() == null;
    for (int i = 0; i < row.size(); i++) {
      given.set(i, all || row.kind(i).hasValue() || row.kind(i) == ValueKind.NULL);
    }
    ColumnNames key = write.key() == null ? ColumnNames.of() : write.key().values().columns();
    return write.kind() == WriteKind.DELETE
        ? new Group(write.kind(), key, ColumnNames.of(), new BitSet())
        : new Group(write.kind(), key, row.columns(), given);
  }

  @Override
  public RowBatch begin(RowWrite first) {
    Group group = (Group) group(first);
    ColumnsPlan plan =
        plans.computeIfAbsent(
            group, g -> new ColumnsPlan(table, g.kind(), g.key(), g.columns(), g.given()));
    return new Batch(plan);
  }

  /** Writes of one plan. */
  private static final class Batch extends RowBatch {

    private final ColumnsPlan plan;
    private final ColumnValues values;

    Batch(ColumnsPlan plan) {
      super(plan.staged().size(), plan.statements());
      this.plan = plan;
      this.values = new ColumnValues(plan.hasAux());
    }

    @Override
    @Nullable String append(RowWrite write) {
      values.clear();
      String refusal = stage(write);
      if (refusal == null) {
        values.moveTo(this);
      }
      return refusal;
    }

    private @Nullable String stage(RowWrite write) {
      if (plan.isKeyless()) {
        values.addText(write.eventId());
      } else {
        Row key = Objects.requireNonNull(write.key()).values();
        String refusal = stageKey(key);
        if (refusal == null && plan.kind() == WriteKind.MOVE) {
          refusal = stageKey(Objects.requireNonNull(write.previousKey()).values());
        }
        if (refusal != null) {
          return refusal;
        }
      }
      if (plan.kind() != WriteKind.DELETE) {
        for (ColumnsPlan.Source source : plan.sources()) {
          values.add(write.row(), source);
        }
        values.addAux();
      }
      return null;
    }

    private @Nullable String stageKey(Row key) {
      List<ColumnType> types = plan.keyTypes();
      for (int i = 0; i < key.size(); i++) {
        if (types.get(i).fit(key, i) != Fit.EXACT) {
          return "the key column '"
              + key.columns().name(i)
              + "' of type "
              + types.get(i).sqlName()
              + " cannot hold this value exactly; use the layout document for this table";
        }
        values.addExact(key, i, types.get(i));
      }
      return null;
    }
  }

  /** The staged texts of one row, collected before any goes into an array. */
  private static final class ColumnValues {

    private final boolean hasAux;
    private final List<@Nullable String> texts = new ArrayList<>();
    private final JsonBuffer aux = new JsonBuffer(64);

    ColumnValues(boolean hasAux) {
      this.hasAux = hasAux;
    }

    void clear() {
      texts.clear();
      aux.clear();
    }

    void addText(String text) {
      texts.add(text);
    }

    void addExact(Row row, int column, ColumnType type) {
      texts.add(type.input(Objects.requireNonNull(row.text(column))));
    }

    void add(Row row, ColumnsPlan.Source source) {
      int column = source.rowColumn();
      String text = row.text(column);
      TargetColumn target = source.target();
      Fit fit =
          text == null ? Fit.EXACT : target == null ? Fit.NONE : target.type().fit(row, column);
      if (target != null) {
        texts.add(text == null || fit == Fit.NONE ? null : target.type().input(text));
      }
      if (text != null && fit != Fit.EXACT) {
        exact(row.columns().name(column), text);
      }
    }

    private void exact(String name, String text) {
      if (!hasAux) {
        throw new AuxNeeded(name);
      }
      aux.raw(aux.size() == 0 ? '{' : ',').string(name).raw(':').string(text);
    }

    void addAux() {
      if (hasAux) {
        texts.add(aux.size() == 0 ? null : aux.raw('}').toString());
      }
    }

    void moveTo(Batch batch) {
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i);
        if (text == null) {
          batch.array(i).addNull();
        } else {
          batch.array(i).add(text);
        }
      }
    }
  }
}
