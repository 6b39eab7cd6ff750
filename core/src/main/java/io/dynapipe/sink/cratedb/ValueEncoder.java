package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import io.dynapipe.json.JsonBuffer;

/**
 * Writes one column's values as JSON for a CrateDB type, and only those the type gives back
 * unchanged. Immutable, thread-safe.
 */
interface ValueEncoder {

  /** How a value fits. */
  enum Fit {
    /** Written; CrateDB gives the same value back. */
    EXACT,
    /**
     * Written; CrateDB gives an equal value back, and another text of it. The exact text is kept
     * beside it where there is a place.
     */
    RESPELLED,
    /** Written, but a part is missing: the exact text has to be kept beside it. */
    CUT,
    /** Does not fit; what was written, if anything, is to be taken back. */
    NOT
  }

  /** Writes the value of a column that holds a number, a text or a boolean. */
  Fit encode(JsonBuffer out, Row row, int column);
}
