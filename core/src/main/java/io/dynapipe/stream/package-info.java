/**
 * What lies between source and target: records, partition keys, shards, sequence numbers, and the
 * interfaces to write and to read them.
 */
@NullMarked
package io.dynapipe.stream;

import org.jspecify.annotations.NullMarked;
