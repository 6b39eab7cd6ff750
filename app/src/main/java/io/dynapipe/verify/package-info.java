/** Proof that source and target hold the same rows. */
@NullMarked
package io.dynapipe.verify;

import org.jspecify.annotations.NullMarked;
