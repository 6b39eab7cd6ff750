package io.dynapipe.stream.kinesis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to write.
 *
 * @param aggregate whether several records travel in one, in the framing of the Kinesis Producer
 *     Library
 * @param requestsInFlight at most; from 1
 * @param bufferBytes what may wait or be on its way, before the caller has to wait
 * @param recordsPerKey of one partition key in one request, when not aggregated; with more than
 *     one, a failure makes the key's later records be stored twice
 * @param paced whether to stay within the limits of each shard by ourselves
 * @param giveUp how long to try again while nothing can be stored, or null for ever
 */
record WriterOptions(
    boolean aggregate,
    int requestsInFlight,
    long bufferBytes,
    int recordsPerKey,
    boolean paced,
    @Nullable Duration giveUp) {

  static final WriterOptions DEFAULTS = new WriterOptions(false, 8, 32L << 20, 1, true, null);
}
