package io.dynapipe.mapping.expression;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What an expression works with: SQLite's storage classes, with decimals kept exact. */
public sealed interface Value {

  /** What is no value. */
  enum Special implements Value {
    NULL,
    /** The event does not tell the column at all. */
    ABSENT,
    /** A large value that an update did not touch, and the event does not tell. */
    UNCHANGED
  }

  /**
   * A whole or decimal number, every digit of it.
   *
   * @param source its text as the source gave it; null when it was computed
   */
  record Exact(BigDecimal number, @Nullable String source) implements Value {

    static Exact of(long number) {
      return new Exact(BigDecimal.valueOf(number), null);
    }

    static Exact of(BigDecimal number) {
      return new Exact(number, null);
    }

    boolean isInteger() {
      return number.scale() <= 0;
    }
  }

  /**
   * A binary floating-point number.
   *
   * @param source its text as the source gave it; null when it was computed
   */
  record Real(double number, @Nullable String source) implements Value {

    static Real of(double number) {
      return new Real(number, null);
    }
  }

  /** A text. */
  record Text(String text) implements Value {}

  /** A column's boolean: {@code true} and {@code false} as text, 1 and 0 as a number. */
  record Truth(boolean value) implements Value {}

  /**
   * Bytes; the array is not to be written to.
   *
   * @param source their text as the source gave it; null when they were computed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
  record Blob(byte[] bytes, @Nullable String source) implements Value {

    static Blob of(byte[] bytes) {
      return new Blob(bytes, null);
    }
  }

  /** Whether there is nothing to compute with, because the event does not tell it. */
  default boolean isMissing() {
    return this == Special.ABSENT || this == Special.UNCHANGED;
  }

  default boolean isNull() {
    return this == Special.NULL;
  }
}
