package io.dynapipe.sink;

import static io.dynapipe.event.DataType.BINARY;
import static io.dynapipe.event.DataType.BOOLEAN;
import static io.dynapipe.event.DataType.DATE;
import static io.dynapipe.event.DataType.DECIMAL;
import static io.dynapipe.event.DataType.DOUBLE;
import static io.dynapipe.event.DataType.FLOAT;
import static io.dynapipe.event.DataType.INT16;
import static io.dynapipe.event.DataType.INT32;
import static io.dynapipe.event.DataType.INT64;
import static io.dynapipe.event.DataType.INT8;
import static io.dynapipe.event.DataType.STRING;
import static io.dynapipe.event.DataType.TIME;
import static io.dynapipe.event.DataType.TIMESTAMP;
import static io.dynapipe.event.DataType.UINT16;
import static io.dynapipe.event.DataType.UINT32;
import static io.dynapipe.event.DataType.UINT64;
import static io.dynapipe.event.DataType.UINT8;

import io.dynapipe.event.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value at an edge of its type, or of a type it should not have.
 *
 * @param value as {@link TestTable#row} takes it
 * @param ordinary another value of the same column, far from any edge
 */
record ExtremeValue(
    String label, DataType type, @Nullable String sourceType, Object value, Object ordinary) {

  private static final BigDecimal THOUSAND_DIGITS =
      new BigDecimal("-" + "1234567890".repeat(50) + "." + "0987654321".repeat(50) + "7");

  /** All of them; a sink keeps each exactly, or refuses it with a reason. */
  static List<ExtremeValue> all() {
    List<ExtremeValue> all = new ArrayList<>();
    numbers(all);
    moments(all);
    texts(all);
    documents(all);
    return all;
  }

  private static void numbers(List<ExtremeValue> all) {
    add(all, "boolean", BOOLEAN, "bool", true, false);
    add(all, "1 as boolean", BOOLEAN, "bool", 1, true);
    add(all, "t as boolean", BOOLEAN, "bool", "t", true);
    add(all, "smallest int8", INT8, null, -128, 1);
    add(all, "largest uint8", UINT8, null, 255, 1);
    add(all, "smallest smallint", INT16, "int2", Short.MIN_VALUE, 1);
    add(all, "largest uint16", UINT16, null, 65_535, 1);
    add(all, "largest integer", INT32, "int4", Integer.MAX_VALUE, 1);
    add(all, "largest uint32", UINT32, null, 4_294_967_295L, 1);
    add(all, "largest bigint", INT64, "int8", Long.MAX_VALUE, 1);
    add(all, "smallest bigint", INT64, "int8", Long.MIN_VALUE, 1);
    add(all, "over 2^53", INT64, "int8", 9_007_199_254_740_993L, 1);
    add(all, "largest uint64", UINT64, null, new BigDecimal("18446744073709551615"), 1);
    add(all, "fraction in integer", INT32, "int4", new BigDecimal("1.7"), 1);
    add(all, "too large for integer", INT32, "int4", 3_000_000_000L, 1);
    add(all, "too large for bigint", INT64, "int8", new BigDecimal("92233720368547758079"), 1);
    add(all, "numeric of 1000 digits", DECIMAL, "numeric", THOUSAND_DIGITS, 1);
    add(all, "small numeric", DECIMAL, "numeric(10,2)", new BigDecimal("0.01"), 1);
    add(all, "numeric with trailing zeros", DECIMAL, "numeric", new BigDecimal("1.10"), 1);
    add(all, "numeric NaN", DECIMAL, "numeric", "NaN", 1);
    add(all, "numeric Infinity", DECIMAL, "numeric", "Infinity", 1);
    add(all, "double of 0.1 + 0.2", DOUBLE, "float8", 0.1 + 0.2, 1.5);
    add(all, "largest double", DOUBLE, "float8", Double.MAX_VALUE, 1.5);
    add(all, "smallest double", DOUBLE, "float8", Double.MIN_VALUE, 1.5);
    add(all, "negative zero", DOUBLE, "float8", new Spelling("-0"), 1.5);
    add(all, "double with exponent", DOUBLE, "float8", new Spelling("1e+20"), 1.5);
    add(all, "fraction after whole double", DOUBLE, "float8", 61.5, new Spelling("55"));
    add(all, "more digits than a double", DOUBLE, "float8", THOUSAND_DIGITS, 1.5);
    add(all, "NaN", DOUBLE, "float8", "NaN", 1.5);
    add(all, "Infinity", DOUBLE, "float8", "Infinity", 1.5);
    add(all, "-Infinity", DOUBLE, "float8", "-Infinity", 1.5);
    add(all, "real as DMS prints it", FLOAT, "float4", new Spelling("2.20000005"), 1.5);
    add(all, "real", FLOAT, "float4", 3.4028235e38f, 1.5);
    add(all, "more digits than a real", FLOAT, "float4", 0.1, 1.5);
    add(all, "real NaN", FLOAT, "float4", "NaN", 1.5);
  }

  private static void moments(List<ExtremeValue> all) {
    String stamp = "2024-01-01T00:00:00Z";
    String zoned = "timestamptz";
    add(all, "microseconds", TIMESTAMP, zoned, "2024-01-01T00:00:00.123456Z", stamp);
    add(all, "no time zone", TIMESTAMP, "timestamp", "2010-11-01T00:02:00.100000Z", stamp);
    add(all, "unknown zone", TIMESTAMP, null, "2010-11-01T00:02:00.000001Z", stamp);
    add(all, "nanoseconds", TIMESTAMP, null, "2024-01-01T00:00:00.123456789Z", stamp);
    add(all, "leap second", TIMESTAMP, zoned, "2016-12-31T23:59:60Z", stamp);
    add(all, "first day", TIMESTAMP, zoned, "0001-01-01T00:00:00Z", stamp);
    add(all, "before Christ", TIMESTAMP, zoned, "0044-03-15T12:00:00Z BC", stamp);
    add(all, "year 294276", TIMESTAMP, zoned, "294276-12-31T23:59:59.999999Z", stamp);
    add(all, "infinity", TIMESTAMP, zoned, "infinity", stamp);
    add(all, "-infinity", TIMESTAMP, "timestamp", "-infinity", stamp);
    add(all, "another form", TIMESTAMP, zoned, "2024-01-01 00:00:00+02", stamp);
    add(all, "not a moment", TIMESTAMP, zoned, "2024-02-30T00:00:00Z", stamp);
    add(all, "date", DATE, "date", "9999-12-31", "2024-01-01");
    add(all, "date before Christ", DATE, "date", "0044-03-15 BC", "2024-01-01");
    add(all, "date of year 10000", DATE, "date", "10000-01-01", "2024-01-01");
    add(all, "date infinity", DATE, "date", "infinity", "2024-01-01");
    add(all, "time", TIME, "time", "23:59:59.999999", "00:00:00");
    add(all, "time 24:00", TIME, "time", "24:00:00", "00:00:00");
    add(all, "time with zone", TIME, "timetz", "12:00:00.5+05:30", "00:00:00+00");
    add(all, "interval", STRING, "interval", "-1 days -01:42:30", "1 day");
  }

  private static void texts(List<ExtremeValue> all) {
    add(all, "empty text", STRING, "text", "", "a");
    add(all, "special characters", STRING, "text", "\"'\\/\n\r\t\b\f{}\u007f\u0085", "a");
    add(all, "beyond the BMP", STRING, "text", "ä€😀\uFFFF\uFEFF", "a");
    add(all, "NUL", STRING, "text", "a\u0000b", "a");
    add(all, "object as text", STRING, "text", "{\"v\":1}", "a");
    add(all, "array as text", STRING, "text", "[1, 2]", "a");
    add(all, "number as text", STRING, "text", "42", "a");
    add(all, "null as text", STRING, "text", "null", "a");
    add(all, "true as text", STRING, "text", "true", "a");
    add(all, "object as text of DMS", STRING, null, "{\"v\": 1}", "a");
    add(all, "date as text", STRING, "text", "2024-01-01T00:00:00Z", "a");
    add(all, "32766 bytes", STRING, "text", noise(32_766), "a");
    add(all, "40000 bytes", STRING, "text", noise(40_000), "a");
    add(all, "2 MB", STRING, "text", noise(2_000_000), "a");
    add(all, "longer than declared", STRING, "varchar(2)", "abc", "a");
    add(all, "blanks around", STRING, "bpchar", "  a  ", "a");
    add(all, "array of integers", STRING, "_int4", "{1,2,NULL}", "{}");
    add(all, "uuid", STRING, "uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", zeroUuid());
    add(all, "not a uuid", STRING, "uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", zeroUuid());
    add(all, "inet", STRING, "inet", "::1/128", "10.0.0.1");
    add(all, "bytes", BINARY, "bytea", "0x00ff", "0x01");
    add(all, "no bytes", BINARY, "bytea", "0x", "0x01");
    add(all, "bytes without prefix", BINARY, "bytea", "00ff", "0x01");
    add(all, "not bytes", BINARY, "bytea", "0x0g", "0x01");
  }

  private static void documents(List<ExtremeValue> all) {
    String ordinary = "{\"v\": 1}";
    for (String json :
        List.of(
            "null",
            "true",
            "\"text\"",
            "\"{\\\"v\\\": 1}\"",
            "42",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[null]",
            "[1, \"a\", null, true, {\"b\": [2.5]}]",
            "[[1, 2], [3, [4, \"five\"]]]",
            "[{\"a\": 1}, {\"a\": \"one\"}]",
            "{\"v\": \"one\"}",
            "{\"v\": 1.5}",
            "{\"v\": {\"w\": 1}}",
            "{\"v\": [1]}",
            "{\"v\": null}",
            "{\"v\": []}",
            "{\"v\": 9223372036854775807}",
            "{\"v\": 92233720368547758079}",
            "{\"v\": 0.1234567890123456789012345}",
            "{\"v\": 1e300}",
            "{\"v\": -0.0}",
            "{\"a.b\": 1, \"c[d]\": 2, \"e\\nf\": 3, \"\": 4, \" g\\\"h'i \": 5, \"_id\": 6}",
            "{\"A\": 1, \"a\": 2}",
            "{\"v\": \"\\u0000\"}",
            "{\"v\": \"\\ud83d\\ude00\"}",
            "{\"v\": \"2024-01-01T00:00:00.123456Z\"}")) {
      add(all, "document " + json, STRING, "jsonb", json, ordinary);
    }
    add(all, "long name", STRING, "jsonb", "{\"" + "n".repeat(300) + "\": 1}", ordinary);
    add(all, "long text", STRING, "jsonb", "{\"v\": \"" + noise(40_000) + "\"}", ordinary);
    add(all, "depth 200", STRING, "jsonb", "[".repeat(200) + "]".repeat(200), ordinary);
    add(all, "lone surrogate", STRING, "json", "{\"v\": \"\\ud800\"}", ordinary);
    add(all, "name twice", STRING, "json", "{\"v\": 1, \"v\": 1}", ordinary);
    add(all, "huge exponent", STRING, "json", "{\"v\": 1e400000}", ordinary);
    add(all, "not JSON", STRING, "json", "not JSON", ordinary);
  }

  private static String zeroUuid() {
    return "00000000-0000-0000-0000-000000000000";
  }

  /** Text that does not compress to nothing, of so many bytes. */
  static String noise(int bytes) {
    StringBuilder text = new StringBuilder(bytes);
    java.util.Random random = new java.util.Random(bytes);
    while (text.length() < bytes) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString().replace('"', '~').replace('\\', '~');
  }

  private static void add(
      List<ExtremeValue> all,
      String label,
      DataType type,
      @Nullable String sourceType,
      Object value,
      Object ordinary) {
    all.add(new ExtremeValue(label, type, sourceType, value, ordinary));
  }

  @Override
  public String toString() {
    return label + " in " + type + (sourceType == null ? "" : " from " + sourceType);
  }
}
