package io.dynapipe.mapping.filter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Texts and what is filtered by its text, compared byte by byte. */
record TextComparison(Form form) implements Comparison<byte[]> {

  /** What the type asks of a value. */
  enum Form {
    /** {@code text} and {@code character varying}. */
    TEXT,
    /** {@code character(n)}: trailing blanks do not count. */
    BLANK_PADDED,
    /** {@code uuid}: lower-case digits. */
    UUID,
    /** A type that is text only when printed, such as an enumeration: its label. */
    PRINTED
  }

  @Override
  public byte[] parseValue(String text) {
    String value =
        switch (form) {
          case TEXT, PRINTED -> text;
          case BLANK_PADDED -> trimmed(text);
          case UUID -> uuid(text);
        };
    SqlText.literal(value); // refuses a NUL
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static String uuid(String text) {
    String digits = text.strip();
    if (digits.length() != "00000000-0000-0000-0000-000000000000".length()) {
      throw new IllegalArgumentException("'" + text + "' is not a uuid");
    }
    try {
      return UUID.fromString(digits).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not a uuid", e);
    }
  }

  private static String trimmed(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  @Override
  public byte[] parseRow(String text) {
    return (form == Form.BLANK_PADDED ? trimmed(text) : text).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right);
  }

  @Override
  public boolean isOrdered() {
    return form != Form.PRINTED;
  }

  @Override
  public String sqlColumn(String quoted) {
    return quoted + "::text COLLATE \"C\"";
  }

  @Override
  public String sqlValue(byte[] value) {
    return SqlText.literal(new String(value, StandardCharsets.UTF_8));
  }

  @Override
  public String sqlEqualsHint(String quoted, byte[] value) {
    return form == Form.PRINTED ? "" : quoted + " = " + sqlValue(value);
  }
}
