/** Changes from a replication slot by the {@code pgoutput} plugin: bytes to messages to events. */
@NullMarked
package io.dynapipe.source.postgres.pgoutput;

import org.jspecify.annotations.NullMarked;
