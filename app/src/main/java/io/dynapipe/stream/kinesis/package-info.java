/**
 * Amazon Kinesis Data Streams: a writer that keeps the order of each partition key, and a reader
 * for one process that needs no DynamoDB.
 */
@NullMarked
package io.dynapipe.stream.kinesis;

import org.jspecify.annotations.NullMarked;
