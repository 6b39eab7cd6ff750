/** Full load: the rows of a snapshot by COPY, many ranges at a time. */
@NullMarked
package io.dynapipe.source.postgres.fullload;

import org.jspecify.annotations.NullMarked;
