package io.dynapipe.service.engine;

import io.dynapipe.event.TableName;
import io.dynapipe.processor.TableCounts;

/**
 * What a task has done with a table.
 *
 * @param captured read at the source
 * @param applied durable in the target, or quarantined
 * @param loadStartMillis when its full load began, milliseconds since 1970; 0 when it has not
 * @param loadEndMillis the same for its end
 * @param changedMillis when these figures last changed
 */
public record TableFigures(
    TableName table,
    TableCounts captured,
    TableCounts applied,
    State state,
    long loadStartMillis,
    long loadEndMillis,
    boolean reloaded,
    long changedMillis) {

  /** How far a table's load is, in DMS's words. */
  public enum State {
    BEFORE_LOAD("Before load"),
    FULL_LOAD("Full load"),
    COMPLETED("Table completed"),
    RELOADING("Table is being reloaded"),
    CANCELLED("Table cancelled"),
    ERROR("Table error");

    private final String text;

    State(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
