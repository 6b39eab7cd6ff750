package io.dynapipe.sink;

/**
 * A key, or a table, whose later rows have to wait.
 *
 * @param table {@code schema.name}; empty when the record could not be read at all
 * @param key the key's text, as {@code RowKey.toString} gives it; empty when the whole table waits
 */
public record QuarantineHold(String table, String key) {}
