@NullMarked
package io.dynapipe.source.postgres;

import org.jspecify.annotations.NullMarked;
