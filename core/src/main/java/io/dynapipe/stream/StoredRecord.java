package io.dynapipe.stream;

/**
 * A record as read from a shard.
 *
 * @param arrivalMillis when the stream took it, milliseconds since 1970-01-01T00:00:00Z
 */
public record StoredRecord(
    String shard,
    SequenceNumber sequenceNumber,
    String partitionKey,
    byte[] data,
    long arrivalMillis) {}
