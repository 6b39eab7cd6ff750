package io.dynapipe.mapping.settings;

/** What an error stops. */
public enum ErrorPolicy {
  /** Only the record, which is set aside. */
  IGNORE_RECORD,
  /** Only the record, which is set aside and logged. */
  LOG_ERROR,
  /** The record's table. */
  SUSPEND_TABLE,
  /** The task. */
  STOP_TASK
}
