package io.dynapipe.stream;

import io.dynapipe.error.PipelineException;

/**
 * A record's place in its shard: a decimal number of any length (Kinesis uses up to 56 digits),
 * ordered as numbers, and among the parts of one aggregated record, which share that number, the
 * part's. As text {@code 4959} or, from the second part on, {@code 4959.1}.
 *
 * @param part from 0; always 0 for a record that is not aggregated
 */
public record SequenceNumber(String digits, int part) implements Comparable<SequenceNumber> {

  private static final int MAX_PART_DIGITS = 9;

  /**
   * Takes decimal digits without leading zeros.
   *
   * @throws PipelineException (input) when the text is anything else
   */
  public SequenceNumber {
    if (!isNumber(digits) || part < 0) {
      throw invalid(part == 0 ? digits : digits + "." + part);
    }
  }

  /** A whole record's. */
  public SequenceNumber(String digits) {
    this(digits, 0);
  }

  public static SequenceNumber of(long number) {
    return new SequenceNumber(Long.toString(number));
  }

  /**
   * Reads what {@link #toString} gives.
   *
   * @throws PipelineException (input) when the text is anything else
   */
  public static SequenceNumber parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      return new SequenceNumber(text);
    }
    String part = text.substring(dot + 1);
    if (!isNumber(part) || part.length() > MAX_PART_DIGITS) {
      throw invalid(text);
    }
    return new SequenceNumber(text.substring(0, dot), Integer.parseInt(part));
  }

  private static boolean isNumber(String text) {
    boolean valid = !text.isEmpty() && (text.length() == 1 || text.charAt(0) != '0');
    for (int i = 0; valid && i < text.length(); i++) {
      valid = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return valid;
  }

  private static PipelineException invalid(String text) {
    return PipelineException.input(
        "'" + text + "' is not a sequence number", "Give decimal digits without leading zeros.");
  }

  @Override
  public int compareTo(SequenceNumber other) {
    int byLength = Integer.compare(digits.length(), other.digits.length());
    int byDigits = byLength != 0 ? byLength : digits.compareTo(other.digits);
    return byDigits != 0 ? byDigits : Integer.compare(part, other.part);
  }

  @Override
  public String toString() {
    return part == 0 ? digits : digits + "." + part;
  }
}
