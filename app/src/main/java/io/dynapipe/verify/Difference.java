package io.dynapipe.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that is not the same on both sides.
 *
 * @param key the row's primary key, or the whole row where there is none
 * @param columns of a row that both sides have, those that differ; empty otherwise
 */
public record Difference(Kind kind, String key, List<Column> columns) {

  /** What is wrong with the row. */
  public enum Kind {
    /** Only the source has it. */
    MISSING,
    /** Only the target has it. */
    EXTRA,
    /** Both have it, with other values. */
    DIFFERENT
  }

  /**
   * One column's values; null for SQL NULL or none.
   *
   * @param source as events tell it
   */
  public record Column(String name, @Nullable String source, @Nullable String target) {}

  public Difference {
    columns = List.copyOf(columns);
  }
}
