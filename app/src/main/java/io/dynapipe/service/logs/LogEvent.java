package io.dynapipe.service.logs;

/**
 * One line of a log.
 *
 * @param number grows by one with each event of its stream
 * @param timestamp when it happened, milliseconds since 1970-01-01T00:00:00Z
 * @param ingestionTime when it was stored, in the same unit
 */
public record LogEvent(long number, long timestamp, long ingestionTime, String message) {}
