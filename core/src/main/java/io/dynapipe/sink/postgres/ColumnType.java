package io.dynapipe.sink.postgres;

import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a target column, and what it does to values. The checks stand before every typed
 * column, since PostgreSQL rounds, cuts or respells some values without an error.
 *
 * @param kind what the checks go by
 * @param sqlName the type's name without length, precision or scale: a cast to {@code varchar(5)}
 *     would cut, an assignment to such a column fails
 * @param precision numeric: all digits; varchar and char: characters; time types: digits of the
 *     second's fraction; -1 when unlimited
 * @param scale numeric: digits after the point; -1 when unlimited
 */
record ColumnType(Kind kind, String sqlName, int precision, int scale) {

  /** Types that need different checks. */
  enum Kind {
    BOOLEAN,
    INT2,
    INT4,
    INT8,
    NUMERIC,
    FLOAT4,
    FLOAT8,
    TEXT,
    VARCHAR,
    CHAR,
    BYTEA,
    DATE,
    TIME,
    TIMESTAMP,
    UUID,
    JSON,
    JSONB,
    /** Whatever else a person's table has: the server judges each value. */
    OTHER
  }

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern BYTES_TEXT = Pattern.compile("0x([0-9a-f]{2})*");

  static ColumnType of(Kind kind, String sqlName) {
    return new ColumnType(kind, sqlName, -1, -1);
  }

  /** The value as this type's input takes it; it must fit exactly or nearly. */
  String input(String text) {
    return kind == Kind.BYTEA ? "\\x" + text.substring(2) : text;
  }

  /** How the value of a row's column fits; the row holds a value there. */
  Fit fit(Row row, int column) {
    int start = row.start(column);
    int length = row.length(column);
    return switch (kind) {
      case JSON ->
          row.kind(column) == ValueKind.TEXT
                  && JsonbText.of(row.bytes(), start, length, true) != JsonbText.NOT_JSON
              ? Fit.EXACT
              : Fit.NONE;
      case JSONB ->
          row.kind(column) == ValueKind.TEXT ? jsonb(row.bytes(), start, length) : Fit.NONE;
      case NUMERIC -> numeric(row, column);
      case TEXT, OTHER -> Fit.EXACT;
      default -> fitText(Objects.requireNonNull(row.text(column)));
    };
  }

  private static Fit jsonb(byte[] bytes, int start, int length) {
    return switch (JsonbText.of(bytes, start, length, false)) {
      case EXACT, RESPELLED -> Fit.EXACT;
      case CHANGED -> Fit.NEAR;
      case REFUSED, NOT_JSON -> Fit.NONE;
    };
  }

  private Fit numeric(Row row, int column) {
    if (row.kind(column) == ValueKind.NUMBER && precision < 0) {
      return Decimals.fitsNumeric(row.bytes(), row.start(column), row.length(column))
          ? Fit.EXACT
          : Fit.NONE;
    }
    return fitText(Objects.requireNonNull(row.text(column)));
  }

  private Fit fitText(String text) {
    return switch (kind) {
      case BOOLEAN -> exactIf(text.equals("true") || text.equals("false"));
      case INT2 -> exactIf(isInteger(text, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT4 -> exactIf(isInteger(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT8 -> exactIf(isInteger(text, Long.MIN_VALUE, Long.MAX_VALUE));
      case NUMERIC -> numeric(text);
      case FLOAT4, FLOAT8 -> floating(text);
      case VARCHAR -> exactIf(precision < 0 || characters(text) <= precision);
      case CHAR -> exactIf(!text.endsWith(" ") && (precision < 0 || characters(text) <= precision));
      case BYTEA -> exactIf(BYTES_TEXT.matcher(text).matches());
      case UUID -> exactIf(UUID_TEXT.matcher(text).matches());
      case DATE -> exactIf(MomentText.isDate(text));
      case TIME -> MomentText.time(text, precision);
      case TIMESTAMP -> MomentText.timestamp(text, precision);
      case TEXT, JSON, JSONB, OTHER -> Fit.EXACT;
    };
  }

  private static Fit exactIf(boolean fits) {
    return fits ? Fit.EXACT : Fit.NONE;
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isInteger(String text, long min, long max) {
    if (text.length() > 20 || text.startsWith("+")) {
      return false;
    }
    try {
      long value = Long.parseLong(text);
      return value >= min && value <= max && Long.toString(value).equals(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private Fit numeric(String text) {
    if (text.equals("NaN")) {
      return Fit.EXACT;
    }
    BigDecimal number = numberOf(text);
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    if (number == null || !Decimals.fitsNumeric(ascii, 0, ascii.length)) {
      return Fit.NONE;
    }
    if (precision < 0) {
      return Fit.EXACT;
    }
    BigDecimal stripped = number.stripTrailingZeros();
    return exactIf(
        stripped.scale() <= scale
            && (long) stripped.precision() - stripped.scale() <= (long) precision - scale);
  }

  private Fit floating(String text) {
    if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
      return Fit.EXACT;
    }
    BigDecimal number = numberOf(text);
    if (number == null) {
      return Fit.NONE;
    }
    boolean real = kind == Kind.FLOAT4;
    double value = real ? number.floatValue() : number.doubleValue();
    if (Double.isInfinite(value) || (value == 0 && number.signum() != 0)) {
      return Fit.NONE;
    }
    boolean shortest = real ? Decimals.isShortestReal(number) : Decimals.isShortestDouble(number);
    return shortest ? Fit.EXACT : Fit.NEAR;
  }

  /** The number, when the text is one as JSON spells them. */
  private static @Nullable BigDecimal numberOf(String text) {
    if (text.isEmpty() || text.charAt(0) == '+' || text.charAt(0) == '.' || text.endsWith(".")) {
      return null;
    }
    return Decimals.parse(text);
  }
}
