package io.dynapipe.mapping.filter;

import java.util.Locale;

/** {@code boolean}; false is below true. */
record BooleanComparison() implements Comparison<Boolean> {

  @Override
  public Boolean parseValue(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "1" -> true;
      case "false", "f", "0" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  @Override
  public Boolean parseRow(String text) {
    return text.equals("true");
  }

  @Override
  public int compare(Boolean left, Boolean right) {
    return Boolean.compare(left, right);
  }

  @Override
  public String sqlColumn(String quoted) {
    return quoted;
  }

  @Override
  public String sqlValue(Boolean value) {
    return value.toString();
  }
}
