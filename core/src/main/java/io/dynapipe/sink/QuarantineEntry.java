package io.dynapipe.sink;

/**
 * A record that could not be applied.
 *
 * @param id made of shard and sequence number: a replay gives the same id
 * @param operation the event's operation, or {@code unreadable}
 * @param event the record as it came, UTF-8
 * @param quarantinedMillis milliseconds since 1970-01-01T00:00:00Z
 */
public record QuarantineEntry(
    String id,
    QuarantineHold hold,
    String operation,
    String event,
    String reason,
    String shard,
    String sequenceNumber,
    long quarantinedMillis) {}
