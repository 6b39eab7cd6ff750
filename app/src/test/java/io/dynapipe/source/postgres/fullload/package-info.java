@NullMarked
package io.dynapipe.source.postgres.fullload;

import org.jspecify.annotations.NullMarked;
