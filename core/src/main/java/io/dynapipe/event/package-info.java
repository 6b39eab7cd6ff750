/**
 * The central value: a sealed, immutable change event, with table schema, row, operation and
 * position. Knows no format.
 */
@NullMarked
package io.dynapipe.event;

import org.jspecify.annotations.NullMarked;
