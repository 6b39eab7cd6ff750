package io.dynapipe.sink;

import io.dynapipe.event.TableName;

/** The tables in which AWS DMS keeps its own state, among those of the user. */
public final class ControlTables {

  private static final String PREFIX = "awsdms_";

  private ControlTables() {}

  /** Whether a table is one of them: they come without a schema. */
  public static boolean isControl(TableName table) {
    return table.schema().isEmpty() && table.name().startsWith(PREFIX);
  }
}
