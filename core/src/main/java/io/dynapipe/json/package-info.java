/** JSON bytes, written on the hot path and checked where text becomes JSON. */
@NullMarked
package io.dynapipe.json;

import org.jspecify.annotations.NullMarked;
