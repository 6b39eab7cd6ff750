package io.dynapipe.mapping.settings;

/**
 * {@code ErrorBehavior}, as far as it does anything.
 *
 * @param data what a record that cannot be applied stops
 * @param dataEscalation what too many of them in one table stop
 * @param dataEscalationCount how many are too many; 0 when none are
 * @param table what a table's error stops
 * @param tableEscalationCount how many suspended tables stop the task; 0 when none do
 * @param failOnTruncation whether a TRUNCATE in CDC stops the task
 * @param failOnNoTables whether a start fails whose mappings select no table
 */
public record ErrorSettings(
    ErrorPolicy data,
    ErrorPolicy dataEscalation,
    int dataEscalationCount,
    ErrorPolicy table,
    int tableEscalationCount,
    RecoverySettings recovery,
    boolean failOnTruncation,
    boolean failOnNoTables) {}
