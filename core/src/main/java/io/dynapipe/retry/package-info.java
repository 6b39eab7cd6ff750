/** Back-off with an injected clock. */
@NullMarked
package io.dynapipe.retry;

import org.jspecify.annotations.NullMarked;
