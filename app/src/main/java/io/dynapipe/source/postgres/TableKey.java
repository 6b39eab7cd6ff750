package io.dynapipe.source.postgres;

import java.util.List;

/**
 * An index that may identify rows.
 *
 * @param identity whether {@code REPLICA IDENTITY USING INDEX} names it
 * @param immediate false for deferrable ones, which cannot be a replica identity
 * @param attributes its key columns' attribute numbers, in index order
 */
record TableKey(boolean primary, boolean identity, boolean immediate, List<Integer> attributes) {}
