package io.dynapipe.event;

/** What happened to a table. */
public enum TableOperation {
  CREATE_TABLE,
  DROP_TABLE,
  TRUNCATE_TABLE,
  RENAME_TABLE,
  ADD_COLUMN,
  DROP_COLUMN,
  RENAME_COLUMN,
  /** Several column changes in one statement; the new definition tells. */
  CHANGE_COLUMNS,
  COLUMN_TYPE_CHANGE
}
