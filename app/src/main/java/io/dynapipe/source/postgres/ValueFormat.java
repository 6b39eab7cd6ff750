package io.dynapipe.source.postgres;

/** How the server's text of a value becomes the value of an event; see {@link ValueRenderer}. */
public enum ValueFormat {
  /** As it is. */
  TEXT,
  /** Without the blanks that {@code char(n)} pads with and that PostgreSQL does not compare. */
  BLANK_TRIMMED,
  /** A whole number: always valid as a JSON number. */
  INTEGER,
  /** A number, unless it is NaN or infinite, which stay text. */
  NUMBER,
  /** {@code t} or {@code f}. */
  BOOLEAN,
  /** {@code 2010-11-01 00:02:00.1} to {@code 2010-11-01T00:02:00.100000Z}. */
  TIMESTAMP,
  /** The same for a text that ends in the session's offset, {@code +00}. */
  TIMESTAMPTZ,
  /** {@code \x0102} to {@code 0x0102}. */
  BYTEA,
  /** A geometry of PostGIS from EWKB in hexadecimal digits; see {@link Ewkt}. */
  EWKT
}
