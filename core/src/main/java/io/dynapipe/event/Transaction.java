package io.dynapipe.event;

import org.jspecify.annotations.Nullable;

/**
 * The transaction of a change.
 *
 * @param id the source's transaction id (PostgreSQL: xid)
 * @param commitMicros commit time, microseconds since 1970-01-01T00:00:00Z; null when not told
 * @param previousId the captured transaction before it; null on the first one
 * @param previousRecords how many records that one had; null on the first one
 */
public record Transaction(
    long id,
    @Nullable Long commitMicros,
    @Nullable Long previousId,
    @Nullable Long previousRecords) {}
