/**
 * A PostgreSQL server as source: connections, catalogue, types, slots, publications and snapshots.
 */
@NullMarked
package io.dynapipe.source.postgres;

import org.jspecify.annotations.NullMarked;
