/**
 * The target's interface: final states of rows to write, table changes to apply, and what became of
 * them.
 */
@NullMarked
package io.dynapipe.sink;

import org.jspecify.annotations.NullMarked;
