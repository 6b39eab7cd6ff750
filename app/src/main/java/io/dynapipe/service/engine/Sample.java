package io.dynapipe.service.engine;

/**
 * What a task did within one second, in DMS's terms.
 *
 * @param millis when, since 1970
 * @param captured CDCThroughputRowsSource, with loaded rows: rows a second read at the source
 * @param applied CDCThroughputRowsTarget: changes a second that became durable in the target
 * @param loaded FullLoadThroughputRowsTarget: loaded rows a second, the same way
 * @param latencySource CDCLatencySource: seconds from commit to capture; 0 when nothing is captured
 * @param latencyTarget CDCLatencyTarget: seconds that the oldest record waits for the target
 * @param waiting CDCIncomingChanges: records in the stream that are not applied
 */
public record Sample(
    long millis,
    double captured,
    double applied,
    double loaded,
    double latencySource,
    double latencyTarget,
    long waiting) {}
