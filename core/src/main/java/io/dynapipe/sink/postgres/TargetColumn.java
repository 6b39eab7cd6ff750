package io.dynapipe.sink.postgres;

/**
 * A column of the target table.
 *
 * @param generated the server computes it: it cannot be written
 */
record TargetColumn(String name, ColumnType type, boolean generated) {}
