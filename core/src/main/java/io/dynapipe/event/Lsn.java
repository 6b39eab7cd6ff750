package io.dynapipe.event;

/**
 * A position in PostgreSQL's write-ahead log: unsigned 64 bits, printed as two hexadecimal halves.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
public record Lsn(long value) implements Comparable<Lsn> {

  /** Never a valid position (PostgreSQL's {@code InvalidXLogRecPtr}); stands for "none yet". */
  public static final Lsn NONE = new Lsn(0);

  /**
   * Reads the form {@code 16/B374D848}.
   *
   * @throws IllegalArgumentException when the text is not two hexadecimal halves
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
      throw new IllegalArgumentException("not an LSN: '" + text + "' (expected e.g. 16/B374D848)");
    }
    try {
      long high = Long.parseLong(text, 0, slash, 16);
      long low = Long.parseLong(text, slash + 1, text.length(), 16);
      return new Lsn(high << 32 | low);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "not an LSN: '" + text + "' (expected e.g. 16/B374D848)", e);
    }
  }

  /** Whether this is {@link #NONE}. */
  public boolean isNone() {
    return value == 0;
  }

  /** The later of the two. */
  public Lsn max(Lsn other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
  }
}
