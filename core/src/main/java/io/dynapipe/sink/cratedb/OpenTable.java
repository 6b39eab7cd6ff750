package io.dynapipe.sink.cratedb;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.TableSchema;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A table that is being written: what CrateDB and the source say of it, and what was prepared for
 * its rows' shapes. Thread-safe.
 *
 * @param made whether Dynapipe made the table
 * @param source null when no event told it
 * @param auxOnly source columns that get no column here
 */
record OpenTable(
    TargetTable target,
    boolean made,
    @Nullable TableSchema source,
    Set<String> auxOnly,
    Map<ColumnNames, RowPlan> plans) {

  static OpenTable of(
      TargetTable target, boolean made, @Nullable TableSchema source, Set<String> auxOnly) {
    return new OpenTable(target, made, source, Set.copyOf(auxOnly), new ConcurrentHashMap<>());
  }

  RowPlan plan(ColumnNames columns) {
    return plans.computeIfAbsent(columns, names -> new RowPlan(target, names, source));
  }
}
