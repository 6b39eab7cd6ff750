package io.dynapipe.stream.kinesis;

/**
 * What a writer has done since it was opened.
 *
 * @param records stored
 * @param bytes stored, as the service counts them
 * @param requests sent
 * @param failedRequests of which nothing was stored, or of which that is not known
 * @param throttled Kinesis records that the service did not take at a try
 * @param oversize records that were given to the handler of oversize records
 * @param bufferedBytes waiting or under way
 */
public record WriterCounts(
    long records,
    long bytes,
    long requests,
    long failedRequests,
    long throttled,
    long oversize,
    long bufferedBytes) {}
