package io.dynapipe.source.postgres.fullload;

import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.Sql;
import io.dynapipe.source.postgres.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing to read.
 *
 * @param changedSince 0 to read the whole range; otherwise only the rows written by this
 *     transaction (64 bits, with epoch) and later ones
 */
record LoadTask(LoadRange range, long changedSince) {

  private static final long XID = 0xFFFF_FFFFL;

  /** Whether the range is done afterwards; false when it was before. */
  boolean finishesRange() {
    return changedSince == 0;
  }

  /**
   * The COPY. Of the table itself it is faster than of a query, but knows no conditions and no
   * views.
   */
  String sql(SourceTable table, TableReading reading) {
    String columns =
        reading.columnsOf(table).stream()
            .map(column -> Sql.identifier(column.name()))
            .collect(Collectors.joining(", "));
    String relation = Sql.table(range.relation());
    List<String> conditions = conditions(reading.where());
    boolean stored = table.kind() == TableKind.TABLE || table.kind() == TableKind.PARTITIONED;
    if (conditions.isEmpty() && stored) {
      return "COPY " + relation + " (" + columns + ") TO STDOUT";
    }
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    String only = stored ? "ONLY " : "";
    return "COPY (SELECT " + columns + " FROM " + only + relation + where + ") TO STDOUT";
  }

  private List<String> conditions(@Nullable String where) {
    List<String> conditions = new ArrayList<>();
    if (where != null) {
      conditions.add("(" + where + ")");
    }
    if (range.condition() != null) {
      conditions.add("(" + range.condition() + ")");
    }
    if (range.startBlock() > 0) {
      conditions.add("ctid >= '(" + range.startBlock() + ",0)'::tid");
    }
    if (range.endBlock() != LoadRange.END) {
      conditions.add("ctid < '(" + range.endBlock() + ",0)'::tid");
    }
    if (changedSince != 0) {
      // The younger, the smaller: right also when the 32 bits have begun anew in between.
      conditions.add("age(xmin) <= age('" + (changedSince & XID) + "'::xid)");
    }
    return conditions;
  }

  @Override
  public String toString() {
    return range + (changedSince == 0 ? "" : " (changed rows)");
  }
}
