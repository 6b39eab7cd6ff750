package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.filter.SqlText;
import io.dynapipe.mapping.rule.ParallelLoad;
import io.dynapipe.mapping.transform.BeforeImageColumns;
import io.dynapipe.mapping.transform.TablePlan;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.fullload.TableReading;
import io.dynapipe.source.postgres.pgoutput.BeforeImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings table mappings to the source as what it has to read. */
final class Readings {

  private Readings() {}

  /** The columns, rows and segments of each table. */
  static TableReading.Chooser of(TableMappings mappings) {
    return table -> reading(mappings, table);
  }

  private static TableReading reading(TableMappings mappings, SourceTable table) {
    TablePlan plan = mappings.plan(table.schema());
    boolean all = plan.wantedColumns().size() == table.columns().size();
    return new TableReading(
        all ? null : new HashSet<>(plan.wantedColumns()),
        plan.whereClause(),
        segments(table, mappings.parallelLoad(table.name())));
  }

  /** Old rows whole where settings ask for them, or where rules may have to look at them. */
  static BeforeImage beforeImage(TaskDefinition definition) {
    boolean keyOnly =
        definition.beforeImage() == BeforeImageColumns.CHANGED_KEY
            && !definition.mappings().changesRows();
    return keyOnly ? BeforeImage.KEY : BeforeImage.ALL;
  }

  /** Those with the largest load-order first. */
  static List<SourceTable> ordered(TableMappings mappings, List<SourceTable> tables) {
    return tables.stream()
        .sorted(Comparator.comparingLong(table -> -mappings.loadOrder(table.name())))
        .toList();
  }

  /**
   * One segment below each boundary and one for the rest, rows with NULLs among them. A row belongs
   * to the first boundary that it is below, so that each row is in one segment, in whatever order
   * the boundaries are.
   */
  private static List<String> segments(SourceTable table, @Nullable ParallelLoad load) {
    if (load == null
        || load.type() == ParallelLoad.Type.NONE
        || load.type() == ParallelLoad.Type.PARTITIONS_AUTO) {
      return List.of();
    }
    if (load.type() == ParallelLoad.Type.PARTITIONS_LIST) {
      throw PipelineException.input(
          "parallel-load of " + table.name() + " lists partitions, which is not for PostgreSQL",
          "Use type ranges, or leave it out: partitions are read in parallel anyway.");
    }
    for (String column : load.columns()) {
      if (table.schema().column(column) == null) {
        throw PipelineException.input(
            "parallel-load names a column '" + column + "' that " + table.name() + " does not have",
            "Correct the column's name in the table settings.");
      }
    }
    String columns =
        load.columns().stream().map(SqlText::identifier).collect(Collectors.joining(", "));
    List<String> segments = new ArrayList<>();
    StringBuilder aboveAll = new StringBuilder();
    for (List<String> boundary : load.boundaries()) {
      String values = boundary.stream().map(SqlText::literal).collect(Collectors.joining(", "));
      String below = "((" + columns + ") < (" + values + "))";
      segments.add(below + " IS TRUE" + aboveAll);
      aboveAll.append(" AND ").append(below).append(" IS NOT TRUE");
    }
    segments.add(aboveAll.substring(" AND ".length()));
    return segments;
  }
}
