package io.dynapipe.source.postgres.fullload;

import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a full load reads of one table.
 *
 * @param columns the names of the columns that are read; null for all of them
 * @param where which rows, as SQL; null for all of them
 * @param segments conditions that split the rows among readers, so that each row meets exactly one
 *     of them; none to split by pages
 */
public record TableReading(
    @Nullable Set<String> columns, @Nullable String where, List<String> segments) {

  /** Everything, split by pages. */
  public static final TableReading WHOLE = new TableReading(null, null, List.of());

  /** Copies the collections. */
  public TableReading {
    columns = columns == null ? null : Set.copyOf(columns);
    segments = List.copyOf(segments);
  }

  /** The columns that are read, in the table's order. */
  List<SourceColumn> columnsOf(SourceTable table) {
    Set<String> wanted = columns;
    return wanted == null
        ? table.columns()
        : table.columns().stream().filter(column -> wanted.contains(column.name())).toList();
  }

  /** What is read of each table. Thread-safe. */
  @FunctionalInterface
  public interface Chooser {

    /** Everything of every table. */
    Chooser ALL = table -> WHOLE;

    TableReading of(SourceTable table);
  }
}
