package io.dynapipe.mapping.filter;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * Applies a table's filter to row changes, so that the target holds just the rows that pass: an
 * update that moves a row out of the filter becomes a delete, one that moves it in becomes an
 * insert. Where an event tells too little to decide, it stops with an error instead of leaving a
 * wrong row. Thread-safe.
 */
public final class ChangeFilter {

  private final RowFilter filter;
  private final TableSchema schema;

  public ChangeFilter(RowFilter filter, TableSchema schema) {
    this.filter = filter;
    this.schema = schema;
  }

  /** The condition for a WHERE clause. */
  public String sql() {
    return filter.sql();
  }

  /** The filter itself. */
  public RowFilter rows() {
    return filter;
  }

  /** Whether deciding on an update takes old values other than the key's. */
  public boolean needsOldRows() {
    return !schema.primaryKey().containsAll(filter.columns());
  }

  /**
   * The change as it concerns the rows that pass; null when it does not.
   *
   * @throws PipelineException (permanent) when it cannot be decided
   */
  public @Nullable RowChange apply(RowChange change) {
    try {
      return switch (change.operation()) {
        case LOAD, INSERT -> inserted(change);
        case UPDATE -> updated(change);
        case DELETE -> filter.test(change.row(), null) == Verdict.FAILS ? null : change;
      };
    } catch (IllegalArgumentException e) {
      throw PipelineException.permanent(
          "a value of " + schema.table() + " cannot be filtered: " + e.getMessage(),
          "Filter by another column.",
          e);
    }
  }

  private @Nullable RowChange inserted(RowChange change) {
    return switch (filter.test(change.row(), null)) {
      case PASSES -> change;
      case FAILS -> null;
      case UNKNOWN -> throw undecided("a column of the filter is missing from the row");
    };
  }

  private @Nullable RowChange updated(RowChange change) {
    Row before = change.before();
    Verdict now = filter.test(change.row(), before);
    Verdict then = filter.test(old(change.row(), before), null);
    return switch (now) {
      case PASSES -> kept(change, then);
      case FAILS -> then == Verdict.FAILS ? null : movedOut(change);
      case UNKNOWN ->
          throw undecided("an update does not tell a large value that the filter looks at");
    };
  }

  private RowChange kept(RowChange change, Verdict then) {
    if (then == Verdict.PASSES) {
      return change;
    }
    for (int i = 0; i < change.row().size(); i++) {
      if (change.row().kind(i) == ValueKind.UNCHANGED) {
        throw undecided(
            "an update may have moved a row into the filter, but does not tell its column '"
                + change.row().columns().name(i)
                + "'");
      }
    }
    return then == Verdict.UNKNOWN
        ? change
        : new RowChange(
            change.table(),
            RowOperation.INSERT,
            change.row(),
            null,
            change.origin(),
            change.extras());
  }

  private RowChange movedOut(RowChange change) {
    Row before = change.before();
    if (!schema.hasPrimaryKey() && before == null) {
      throw undecided("an update moved a row of a table without key out of the filter");
    }
    return new RowChange(
        change.table(),
        RowOperation.DELETE,
        old(change.row(), before),
        null,
        change.origin(),
        change.extras());
  }

  /**
   * What is known of the row before the update: the before image, and a key that did not change.
   */
  private Row old(Row row, @Nullable Row before) {
    RowBuilder builder = new RowBuilder().begin(row.columns());
    for (int i = 0; i < row.size(); i++) {
      String name = row.columns().name(i);
      int index = before == null ? -1 : before.columns().indexOf(name);
      if (before != null && index >= 0 && before.kind(index) != ValueKind.ABSENT) {
        builder.addFrom(before, index);
      } else if (schema.primaryKey().contains(name)) {
        builder.addFrom(row, i);
      } else {
        builder.addAbsent();
      }
    }
    return builder.build();
  }

  private PipelineException undecided(String what) {
    return PipelineException.permanent(
        "the filter of " + schema.table() + " cannot decide: " + what,
        "Run ALTER TABLE "
            + SqlText.identifier(schema.table().schema())
            + "."
            + SqlText.identifier(schema.table().name())
            + " REPLICA IDENTITY FULL at the source and reload the table.",
        null);
  }
}
