/**
 * What every source has in common: who takes its events, which tables it reads, how far its full
 * load is.
 */
@NullMarked
package io.dynapipe.source;

import org.jspecify.annotations.NullMarked;
