package io.dynapipe.source.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A column's type with domains resolved to what they are made of.
 *
 * @param name the base type's name if it is built in; {@code extension.name} for a type of an
 *     extension, in whatever schema that is; empty for types of users
 * @param formatted as {@code format_type} prints it with its modifier
 * @param typmod the base type's modifier; -1 when there is none
 */
record TypeInfo(String name, String formatted, int typmod) {

  private static final int VARHDRSZ = 4;
  private static final int SCALE_BITS = 0x7ff;
  private static final int SCALE_SIGN = 1024;

  /** Declared length of a character or bit type. */
  @Nullable Integer length() {
    return switch (name) {
      case "bpchar", "varchar" -> typmod < VARHDRSZ ? null : (Integer) (typmod - VARHDRSZ);
      case "bit", "varbit" -> typmod < 0 ? null : (Integer) typmod;
      default -> null;
    };
  }

  /** Declared precision of a numeric. */
  @Nullable Integer precision() {
    return isBoundedNumeric() ? (Integer) ((typmod - VARHDRSZ) >> 16 & 0xFFFF) : null;
  }

  /** Declared scale of a numeric; negative since PostgreSQL 15 (11 bits, two's complement). */
  @Nullable Integer scale() {
    return isBoundedNumeric()
        ? (Integer) ((((typmod - VARHDRSZ) & SCALE_BITS) ^ SCALE_SIGN) - SCALE_SIGN)
        : null;
  }

  private boolean isBoundedNumeric() {
    return "numeric".equals(name) && typmod >= VARHDRSZ;
  }
}
