package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import java.util.Arrays;

/** Encoders for TEXT, BOOLEAN and UUID. */
final class TextEncoders {

  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

  private TextEncoders() {}

  /** TEXT: the value's text, as long as it is not too long for the column. */
  static ValueEncoder text(CrateType type) {
    int maxBytes = type.longText() ? Integer.MAX_VALUE : CrateTypes.MAX_INDEXED_BYTES;
    int maxCharacters = type.precision() == 0 ? Integer.MAX_VALUE : type.precision();
    return (out, row, column) -> {
      int length = row.length(column);
      if (length > maxBytes
          || (length > maxCharacters && characters(row, column) > maxCharacters)) {
        return ValueEncoder.Fit.NOT;
      }
      out.string(row.bytes(), row.start(column), length);
      return ValueEncoder.Fit.EXACT;
    };
  }

  /** CHARACTER(n), which pads: only texts of exactly its length. */
  static ValueEncoder character(CrateType type) {
    return (out, row, column) -> {
      if (characters(row, column) != type.precision()) {
        return ValueEncoder.Fit.NOT;
      }
      out.string(row.bytes(), row.start(column), row.length(column));
      return ValueEncoder.Fit.EXACT;
    };
  }

  private static int characters(Row row, int column) {
    int count = 0;
    for (int i = row.start(column); i < row.end(column); i++) {
      count += (row.bytes()[i] & 0xC0) == 0x80 ? 0 : 1;
    }
    return count;
  }

  /**
   * BOOLEAN, which takes 1, "t" and "yes" for true without an error: only the source's own true and
   * false.
   */
  static ValueEncoder bool(Column source) {
    boolean texts = source.type() == DataType.BOOLEAN;
    return (out, row, column) -> {
      int start = row.start(column);
      int end = row.end(column);
      boolean allowed =
          row.kind(column) == ValueKind.BOOLEAN || (texts && row.kind(column) == ValueKind.TEXT);
      if (!allowed || !(is(row, start, end, TRUE) || is(row, start, end, FALSE))) {
        return ValueEncoder.Fit.NOT;
      }
      out.raw(row.bytes(), start, end - start);
      return ValueEncoder.Fit.EXACT;
    };
  }

  private static boolean is(Row row, int start, int end, byte[] text) {
    return Arrays.equals(row.bytes(), start, end, text, 0, text.length);
  }

  /** UUID: the canonical form, lower case with dashes. */
  static ValueEncoder uuid() {
    return (out, row, column) -> {
      if (row.kind(column) != ValueKind.TEXT
          || !isUuid(row.bytes(), row.start(column), row.end(column))) {
        return ValueEncoder.Fit.NOT;
      }
      out.string(row.bytes(), row.start(column), row.length(column));
      return ValueEncoder.Fit.EXACT;
    };
  }

  private static boolean isUuid(byte[] bytes, int start, int end) {
    if (end - start != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      byte b = bytes[start + i];
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? b != '-' : !((b >= '0' && b <= '9') || (b >= 'a' && b <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
