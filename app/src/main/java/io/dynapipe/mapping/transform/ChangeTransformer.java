package io.dynapipe.mapping.transform;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.filter.SqlText;
import io.dynapipe.mapping.rule.ColumnType;
import org.jspecify.annotations.Nullable;

/** Applies a table's plan to its row changes. One thread at a time. */
public final class ChangeTransformer {

  private final TablePlan plan;
  private final BeforeImageColumns beforeImage;
  private final ColumnNames names;
  private final ColumnNames key;
  private final ColumnNames withoutLobs;
  private final boolean passThrough;
  private final RowBuilder builder = new RowBuilder();
  private final @Nullable RowContext[] contexts;

  /**
   * For one table.
   *
   * @param beforeImage which old values are to reach the target
   */
  public ChangeTransformer(TablePlan plan, BeforeImageColumns beforeImage) {
    this.plan = plan;
    this.beforeImage = beforeImage;
    this.names = plan.target().columnNames();
    this.key = plan.target().keyNames();
    this.withoutLobs =
        ColumnNames.of(
            plan.target().columns().stream()
                .filter(column -> !ColumnType.isLob(column))
                .map(Column::name)
                .toList());
    this.passThrough = plan.isPassThrough();
    this.contexts = new RowContext[plan.stages().size()];
  }

  /** The plan it applies. */
  public TablePlan plan() {
    return plan;
  }

  /**
   * The change as the target shall see it; null when it shall not see it. The very same object when
   * nothing changes.
   *
   * @throws PipelineException (permanent) when the event cannot be mapped without risking a wrong
   *     row
   */
  public @Nullable RowChange apply(RowChange change) {
    if (passThrough && change.before() == null) {
      return change;
    }
    RowChange filtered = plan.filter() == null ? change : plan.filter().apply(change);
    if (filtered == null) {
      return null;
    }
    try {
      return plan.stages().isEmpty() ? renamed(filtered) : transformed(filtered);
    } catch (IllegalArgumentException e) {
      throw PipelineException.permanent(
          "a row of " + plan.source().table() + " cannot be transformed: " + e.getMessage(),
          "Correct the expression in the table mappings.",
          e);
    }
  }

  @SuppressWarnings("ReferenceEquality") // the very same object means nothing changed
  private RowChange renamed(RowChange change) {
    Row before = before(change, change.row(), change.before());
    checkKey(change, change.row(), change.before());
    if (before == change.before() && plan.target().table().equals(change.table())) {
      return change;
    }
    return made(change, change.operation(), change.row(), before);
  }

  private RowChange transformed(RowChange change) {
    Row row = change.row();
    Row before = change.before();
    for (int i = 0; i < contexts.length; i++) {
      Stage stage = plan.stages().get(i);
      RowContext context = context(i, change);
      Row input = row;
      Row oldInput = before;
      row = stage.apply(context.begin(change, input, oldInput), builder);
      before = oldInput == null ? null : stage.apply(context.beginOld(change, oldInput), builder);
    }
    checkKey(change, row, before);
    if (change.operation() == RowOperation.DELETE && !plan.marksDeletes().isEmpty()) {
      return made(change, RowOperation.UPDATE, marked(row), null);
    }
    return made(change, change.operation(), row, before(change, row, before));
  }

  private RowContext context(int stage, RowChange change) {
    RowContext context = contexts[stage];
    if (context == null) {
      context = new RowContext(plan.source().table(), plan.stages().get(stage).inputs(), change);
      contexts[stage] = context;
    }
    return context;
  }

  private RowChange made(RowChange change, RowOperation operation, Row row, @Nullable Row before) {
    return new RowChange(
        plan.target().table(), operation, row, before, change.origin(), change.extras());
  }

  /** A deleted row that stays: its key and its marks, everything else as the target has it. */
  private Row marked(Row row) {
    builder.begin(names);
    for (int i = 0; i < names.size(); i++) {
      String name = names.name(i);
      if (key.indexOf(name) >= 0 || plan.marksDeletes().contains(name)) {
        builder.addFrom(row, i);
      } else {
        builder.addUnchanged();
      }
    }
    return builder.build();
  }

  /** Where the source does not tell the target's key, a wrong row could be changed. */
  private void checkKey(RowChange change, Row row, @Nullable Row before) {
    if (!plan.keyNeedsOldRows()
        || change.operation() == RowOperation.LOAD
        || change.operation() == RowOperation.INSERT) {
      return;
    }
    boolean told = change.operation() == RowOperation.DELETE || before != null;
    for (int i = 0; i < key.size(); i++) {
      told &= isTold(row, key.name(i)) && (before == null || isTold(before, key.name(i)));
    }
    if (!told) {
      throw PipelineException.permanent(
          "the old key of a row of "
              + plan.source().table()
              + " is not told, so the row at the"
              + " target cannot be found: its key there is "
              + key,
          "Run ALTER TABLE "
              + SqlText.identifier(plan.source().table().schema())
              + "."
              + SqlText.identifier(plan.source().table().name())
              + " REPLICA IDENTITY FULL at the source and reload the table.",
          null);
    }
  }

  private static boolean isTold(Row row, String column) {
    ValueKind kind = row.kind(column);
    return kind.hasValue() || kind == ValueKind.NULL;
  }

  /** As much of the old row as is wanted; all of it where nothing else finds the row. */
  private @Nullable Row before(RowChange change, Row row, @Nullable Row before) {
    if (before == null || change.operation() != RowOperation.UPDATE || key.size() == 0) {
      return before;
    }
    return switch (beforeImage) {
      case ALL -> before;
      case NON_LOB -> only(before, withoutLobs);
      case CHANGED_KEY -> keyChanged(row, before) ? only(before, key) : null;
    };
  }

  private boolean keyChanged(Row row, Row before) {
    for (int i = 0; i < key.size(); i++) {
      int now = row.columns().indexOf(key.name(i));
      int then = before.columns().indexOf(key.name(i));
      if (now >= 0
          && then >= 0
          && isTold(before, key.name(i))
          && !row.sameValue(now, before, then)) {
        return true;
      }
    }
    return false;
  }

  /** These columns of a row; the same row when it has no others. */
  private Row only(Row row, ColumnNames wanted) {
    boolean others = false;
    for (int i = 0; i < row.size() && !others; i++) {
      others = wanted.indexOf(row.columns().name(i)) < 0;
    }
    if (!others) {
      return row;
    }
    builder.begin(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      int index = row.columns().indexOf(wanted.name(i));
      if (index < 0) {
        builder.addAbsent();
      } else {
        builder.addFrom(row, index);
      }
    }
    return builder.build();
  }
}
