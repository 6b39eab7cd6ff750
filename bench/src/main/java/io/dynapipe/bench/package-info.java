/** Measurements of the pipeline and its parts. */
@NullMarked
package io.dynapipe.bench;

import org.jspecify.annotations.NullMarked;
