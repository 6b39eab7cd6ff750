@NullMarked
package io.dynapipe.source.postgres.pgoutput;

import org.jspecify.annotations.NullMarked;
