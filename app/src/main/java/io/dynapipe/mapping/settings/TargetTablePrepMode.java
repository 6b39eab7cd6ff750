package io.dynapipe.mapping.settings;

/** What becomes of a table at the target before it is loaded. */
public enum TargetTablePrepMode {
  /** Nothing: rows are written into it as it is. */
  DO_NOTHING,
  /** It is dropped and made again. */
  DROP_AND_CREATE,
  /** It is emptied. */
  TRUNCATE_BEFORE_LOAD
}
