package io.dynapipe.mapping.settings;

import java.time.Duration;

/**
 * {@code ControlTablesSettings}: which {@code awsdms_*} rows are sent.
 *
 * @param schema of these tables
 * @param historyTimeslot how long one row of the history is
 */
public record ControlTablesSettings(
    String schema,
    Duration historyTimeslot,
    boolean history,
    boolean suspendedTables,
    boolean status,
    boolean fullLoadExceptions) {}
