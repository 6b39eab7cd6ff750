/**
 * An ordered batch of records, decoded, compacted per key, handed to the sink; and what became of
 * it.
 */
@NullMarked
package io.dynapipe.processor;

import org.jspecify.annotations.NullMarked;
