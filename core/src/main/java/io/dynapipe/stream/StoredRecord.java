package io.dynapipe.stream;

/**
 * A record as read from a shard.
 *
 * @param arrivalMillis when the stream took it, milliseconds since 1970-01-01T00:00:00Z
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy per record would cost
public record StoredRecord(
    String shard,
    SequenceNumber sequenceNumber,
    String partitionKey,
    byte[] data,
    long arrivalMillis) {}
