package io.dynapipe.event;

/** What happened to a row. */
public enum RowOperation {
  /** Read by full load: the row as it stood in the snapshot. */
  LOAD,
  INSERT,
  UPDATE,
  DELETE
}
