package io.dynapipe.source.postgres;

import io.dynapipe.event.TableName;

/**
 * A relation that stores rows of a table.
 *
 * @param pages its size in pages at the time the catalogue was read
 * @param heapBytes the same in bytes
 * @param estimatedRows the planner's estimate; 0 when never analysed
 * @param toasted whether it holds values out of line
 * @param ranged whether it can be read by ranges of pages
 */
public record StoredPart(
    TableName relation,
    long pages,
    long heapBytes,
    long estimatedRows,
    boolean toasted,
    boolean ranged) {}
