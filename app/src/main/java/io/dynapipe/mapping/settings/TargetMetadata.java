package io.dynapipe.mapping.settings;

/**
 * {@code TargetMetadata}.
 *
 * @param targetSchema the schema of all tables at the target; empty for their own
 * @param supportLobs false to leave out the columns of large objects
 * @param parallelLoadThreads writers to the stream in a full load; 0 to leave it to us
 * @param parallelApplyThreads writers to the stream in CDC; 0 to leave it to us
 */
public record TargetMetadata(
    String targetSchema, boolean supportLobs, int parallelLoadThreads, int parallelApplyThreads) {}
