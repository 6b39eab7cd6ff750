/** CrateDB over HTTP: schema reading, table changes, bulk writes, classification of errors. */
@NullMarked
package io.dynapipe.sink.cratedb;

import org.jspecify.annotations.NullMarked;
