package io.dynapipe.processor;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lays a later, partial row over an earlier one. */
final class RowMerge {

  private RowMerge() {}

  /** Whether an event tells this column's value: a value or NULL. */
  static boolean isTold(ValueKind kind) {
    return kind.hasValue() || kind == ValueKind.NULL;
  }

  /** Whether the row has columns that the target is to keep. */
  static boolean isPartial(Row row) {
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == ValueKind.UNCHANGED) {
        return true;
      }
    }
    return false;
  }

  /** The later row's told columns, and the earlier one's for all others. */
  static Row over(Row earlier, Row later) {
    ColumnNames names = union(earlier.columns(), later.columns());
    RowBuilder builder = new RowBuilder().begin(names);
    for (int i = 0; i < names.size(); i++) {
      int inLater = later.columns().indexOf(names.name(i));
      int inEarlier = earlier.columns().indexOf(names.name(i));
      if (inLater >= 0 && (isTold(later.kind(inLater)) || inEarlier < 0)) {
        builder.addFrom(later, inLater);
      } else {
        builder.addFrom(earlier, inEarlier);
      }
    }
    return builder.build();
  }

  private static ColumnNames union(ColumnNames earlier, ColumnNames later) {
    if (earlier.equals(later)) {
      return later;
    }
    Set<String> names = new LinkedHashSet<>(later.asList());
    names.addAll(earlier.asList());
    return ColumnNames.of(names.toArray(String[]::new));
  }
}
