package io.dynapipe.sink;

/** How a row is to be brought into its final state. */
public enum WriteKind {
  /** Insert the row, or replace the one that has its key, whole. */
  PUT,
  /**
   * Set the columns that have a value or NULL, keep what the target has of the others; insert when
   * there is no such row.
   */
  MERGE,
  /** Delete the row of this key; none there is fine. */
  DELETE,
  /**
   * The key changed and columns came UNCHANGED: take these from the row of the previous key (if it
   * is still there), write the row under its new key, delete the previous one. If a row has the new
   * key already, this is a replay, and that row is the one that moved: it keeps its unchanged
   * columns, and the previous key's row is only deleted.
   */
  MOVE,
  /** A row of a table without key: insert it, once for its event id. */
  APPEND,
  /** A table without key: delete one row that equals {@code row}, once for its event id. */
  REMOVE_ONE
}
