/** What can go wrong, classified by what the caller should do, with cause and cure. */
@NullMarked
package io.dynapipe.error;

import org.jspecify.annotations.NullMarked;
