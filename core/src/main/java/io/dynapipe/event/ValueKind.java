package io.dynapipe.event;

/** What a row holds for a column. Absent, null and unchanged are three different things. */
public enum ValueKind {
  /** The event does not tell; for example a column outside the replica identity of a delete. */
  ABSENT,
  /** SQL NULL. */
  NULL,
  /** A TOASTed value that an update did not touch: the target keeps what it has. */
  UNCHANGED,
  /** A number in its exact decimal text, valid as a JSON number. */
  NUMBER,
  /** Text, including every type whose exact form is text (timestamps, uuid, JSON documents). */
  TEXT,
  /** {@code true} or {@code false}. */
  BOOLEAN;

  private static final ValueKind[] BY_CODE = values();

  /** The byte that stands for this kind in a {@link Row}; lives in memory only. */
  @SuppressWarnings("EnumOrdinal")
  byte code() {
    return (byte) ordinal();
  }

  static ValueKind of(byte code) {
    return BY_CODE[code];
  }

  /** Whether there is a value to read: a number, a text or a boolean. */
  public boolean hasValue() {
    return this == NUMBER || this == TEXT || this == BOOLEAN;
  }
}
