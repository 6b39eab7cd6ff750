/** Runs replication tasks and applies their streams; knows no API. */
@NullMarked
package io.dynapipe.service.engine;

import org.jspecify.annotations.NullMarked;
