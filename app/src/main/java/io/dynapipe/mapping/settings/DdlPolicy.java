package io.dynapipe.mapping.settings;

/**
 * {@code ChangeProcessingDdlHandlingPolicy}: which table changes are passed on in CDC.
 *
 * @param dropped DROP TABLE
 * @param truncated TRUNCATE
 * @param altered ALTER TABLE, renames included
 */
public record DdlPolicy(boolean dropped, boolean truncated, boolean altered) {}
