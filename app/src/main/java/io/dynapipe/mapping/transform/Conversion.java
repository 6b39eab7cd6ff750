package io.dynapipe.mapping.transform;

import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.rule.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Gives a value another type. A value that the type cannot hold exactly keeps its text, as text:
 * the target then sets it aside instead of rounding or cutting it.
 */
record Conversion(ColumnType target) implements ValueStep {

  @Override
  public void apply(Cell cell) {
    switch (target.type()) {
      case STRING -> cell.set(ValueKind.TEXT, cell.text());
      case BINARY -> binary(cell);
      case BOOLEAN -> bool(cell);
      case INT8 -> integer(cell, true, 8);
      case INT16 -> integer(cell, true, 16);
      case INT32 -> integer(cell, true, 32);
      case INT64 -> integer(cell, true, 64);
      case UINT8 -> integer(cell, false, 8);
      case UINT16 -> integer(cell, false, 16);
      case UINT32 -> integer(cell, false, 32);
      case UINT64 -> integer(cell, false, 64);
      case DECIMAL -> decimal(cell);
      case FLOAT, DOUBLE -> real(cell);
      case DATE -> keepIfNull(cell, Moments.date(cell.text()));
      case TIME -> keepIfNull(cell, Moments.time(cell.text()));
      case TIMESTAMP -> keepIfNull(cell, Moments.timestamp(cell.text()));
    }
  }

  private static void keepIfNull(Cell cell, @Nullable String converted) {
    cell.set(ValueKind.TEXT, converted == null ? cell.text() : converted);
  }

  /** Bytes are written as hexadecimal digits; a text becomes those of its UTF-8 form. */
  private static void binary(Cell cell) {
    String text = cell.text();
    boolean already = text.matches("0x([0-9a-f]{2})*");
    cell.set(
        ValueKind.TEXT,
        already ? text : "0x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void bool(Cell cell) {
    switch (cell.text().strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "1", "yes", "y", "on" -> cell.set(ValueKind.BOOLEAN, "true");
      case "false", "f", "0", "no", "n", "off" -> cell.set(ValueKind.BOOLEAN, "false");
      default -> cell.set(ValueKind.TEXT, cell.text());
    }
  }

  private static void integer(Cell cell, boolean signed, int bits) {
    BigDecimal number = number(cell);
    if (number != null && number.signum() == 0) {
      cell.set(ValueKind.NUMBER, "0");
    } else if (number != null && number.stripTrailingZeros().scale() <= 0 && isShort(number)) {
      BigInteger integer = number.toBigInteger();
      boolean fits =
          signed
              ? integer.bitLength() < bits
              : integer.signum() >= 0 && integer.bitLength() <= bits;
      cell.set(fits ? ValueKind.NUMBER : ValueKind.TEXT, fits ? integer.toString() : cell.text());
    } else {
      cell.set(ValueKind.TEXT, cell.text());
    }
  }

  private void decimal(Cell cell) {
    BigDecimal number = number(cell);
    if (number == null || !isShort(number)) {
      cell.set(ValueKind.TEXT, cell.text());
      return;
    }
    Integer precision = target.precision();
    Integer scale = precision == null ? target.scale() : Integer.valueOf(orZero(target.scale()));
    BigDecimal stripped = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    boolean fits =
        (scale == null || stripped.scale() <= scale)
            && (precision == null
                || stripped.precision() - stripped.scale() <= precision - orZero(scale));
    String text = (scale == null || !fits ? number : stripped.setScale(scale)).toPlainString();
    cell.set(fits ? ValueKind.NUMBER : ValueKind.TEXT, fits ? text : cell.text());
  }

  private static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static void real(Cell cell) {
    BigDecimal number = number(cell);
    boolean kept = cell.kind() == ValueKind.NUMBER || number == null;
    String text = kept || number == null ? cell.text() : number.toString();
    cell.set(number == null ? ValueKind.TEXT : ValueKind.NUMBER, text);
  }

  /** A boolean counts as 1 or 0; null when the cell holds no number. */
  private static @Nullable BigDecimal number(Cell cell) {
    if (cell.kind() == ValueKind.BOOLEAN) {
      return cell.text().equals("true") ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    try {
      return new BigDecimal(cell.text().strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Whether its digits can be written out: an exponent of a million would not fit anywhere. */
  private static boolean isShort(BigDecimal number) {
    return Math.abs((long) number.scale()) <= 200_000;
  }
}
