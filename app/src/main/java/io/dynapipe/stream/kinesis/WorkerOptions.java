package io.dynapipe.stream.kinesis;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How the workers of a fleet share a stream.
 *
 * @param application what all workers of the fleet have in common; also the name of their lease
 *     table
 * @param fanOut whether each worker subscribes (enhanced fan-out) instead of polling
 * @param fromLatest whether a fleet without leases begins with new records, not the oldest kept
 * @param metrics whether the Kinesis Client Library reports to CloudWatch
 * @param dynamoDbEndpoint another address than AWS's own
 */
public record WorkerOptions(
    String application,
    boolean fanOut,
    boolean fromLatest,
    boolean metrics,
    @Nullable URI dynamoDbEndpoint) {}
