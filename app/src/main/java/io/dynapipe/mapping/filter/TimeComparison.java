package io.dynapipe.mapping.filter;

/** Dates, times of day and timestamps, each as a count of days or microseconds. */
record TimeComparison(Form form) implements Comparison<TimeComparison.Moment> {

  /**
   * A point in time.
   *
   * @param count days or microseconds
   * @param text as it was given
   */
  record Moment(long count, String text) {}

  /** The types, with the form of their values. */
  enum Form {
    DATE("date", "a date such as 2002-01-31"),
    TIME("time", "a time such as 23:59:00.5"),
    /** Without time zone: an offset would mean nothing. */
    TIMESTAMP("timestamp", "a time such as 2002-01-31 23:59:00.5"),
    /** A value without offset is UTC. */
    TIMESTAMPTZ("timestamptz", "a time such as 2002-01-31 23:59:00.5");

    private final String sqlType;
    private final String sample;

    Form(String sqlType, String sample) {
      this.sqlType = sqlType;
      this.sample = sample;
    }

    private long count(String text) {
      return switch (this) {
        case DATE -> DateTimes.days(text);
        case TIME -> DateTimes.timeMicros(text);
        case TIMESTAMP, TIMESTAMPTZ -> DateTimes.timestampMicros(text);
      };
    }
  }

  @Override
  public Moment parseValue(String text) {
    String stripped = text.strip();
    boolean offset = form == Form.TIMESTAMP && stripped.matches(".*[0-9][+-]\\d\\d(:?\\d\\d)?");
    try {
      if (!offset || !stripped.contains(":")) {
        return new Moment(form.count(stripped), stripped);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not " + form.sample, e);
    }
    throw new IllegalArgumentException(
        "'" + text + "' has an offset, but the column has no time zone");
  }

  @Override
  public Moment parseRow(String text) {
    return new Moment(form.count(text), text);
  }

  @Override
  public int compare(Moment left, Moment right) {
    return Long.compare(left.count(), right.count());
  }

  @Override
  public String sqlColumn(String quoted) {
    return quoted;
  }

  @Override
  public String sqlValue(Moment value) {
    boolean zoned = form == Form.TIMESTAMPTZ && !value.text().contains("infinity");
    String utc = zoned && !hasOffset(value.text()) ? "+00" : "";
    return SqlText.literal(value.text() + utc) + "::" + form.sqlType;
  }

  private static boolean hasOffset(String text) {
    int time = text.indexOf(':');
    return text.endsWith("Z")
        || (time >= 0 && (text.indexOf('+', time) >= 0 || text.indexOf('-', time) >= 0));
  }
}
