package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.util.Map;
import java.util.Set;

/**
 * Which changes of a column's type leave the text of its values as it is. All others may have
 * changed it, by a conversion or by {@code USING}, of which the log tells nothing.
 */
final class Rewrites {

  private static final long INT8 = 20;
  private static final long INT2 = 21;
  private static final long INT4 = 23;
  private static final long TEXT = 25;
  private static final long VARCHAR = 1043;

  /** To which other types values go unchanged, unless somebody writes USING. */
  private static final Map<Long, Set<Long>> WIDER =
      Map.of(INT2, Set.of(INT4, INT8), INT4, Set.of(INT8), VARCHAR, Set.of(TEXT, VARCHAR));

  private Rewrites() {}

  /** Whether a column that both definitions have may have other values in rows that exist. */
  static boolean changesValues(SourceTable from, SourceTable to) {
    for (SourceColumn column : to.columns()) {
      for (SourceColumn before : from.columns()) {
        if (before.attribute() == column.attribute()
            && !before.hasTypeOf(column)
            && !WIDER.getOrDefault(before.typeOid(), Set.of()).contains(column.typeOid())) {
          return true;
        }
      }
    }
    return false;
  }
}
