package io.dynapipe.source;

import io.dynapipe.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A part of a table that one reader loads in one go: the pages {@code startBlock} (inclusive) to
 * {@code endBlock} (exclusive) of a relation. A value, so that finished ranges can be stored and
 * given back when a load resumes.
 *
 * @param table the table whose events the rows become
 * @param relation where the rows are stored: the table itself, or one of its partitions
 * @param endBlock {@link #END} when the range has no upper bound
 * @param condition which rows of these pages, as SQL; null for all of them
 */
public record LoadRange(
    TableName table,
    TableName relation,
    long startBlock,
    long endBlock,
    @Nullable String condition) {

  /** Upper bound of a range that reaches to the end of its relation, wherever that is. */
  public static final long END = Long.MAX_VALUE;

  /** All rows of some pages. */
  public LoadRange(TableName table, TableName relation, long startBlock, long endBlock) {
    this(table, relation, startBlock, endBlock, null);
  }

  /** The rows of a relation that meet a condition. */
  public static LoadRange segment(TableName table, TableName relation, String condition) {
    return new LoadRange(table, relation, 0, END, condition);
  }

  /** All of a relation. */
  public static LoadRange whole(TableName table, TableName relation) {
    return new LoadRange(table, relation, 0, END);
  }

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException when the range is empty or begins before the first page
   */
  public LoadRange {
    if (startBlock < 0 || endBlock <= startBlock) {
      throw new IllegalArgumentException("no pages from " + startBlock + " to " + endBlock);
    }
  }

  public boolean isWhole() {
    return startBlock == 0 && endBlock == END && condition == null;
  }

  @Override
  public String toString() {
    if (condition != null) {
      return relation + " where " + condition;
    }
    String end = endBlock == END ? "end" : Long.toString(endBlock);
    return isWhole() ? relation.toString() : relation + "[" + startBlock + ".." + end + ")";
  }
}
