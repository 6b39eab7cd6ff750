package io.dynapipe.stream;

import io.dynapipe.error.PipelineException;

/**
 * A record's place in its shard: a decimal number of any length (Kinesis uses up to 56 digits),
 * ordered as numbers.
 */
public record SequenceNumber(String digits) implements Comparable<SequenceNumber> {

  /**
   * Takes decimal digits without leading zeros.
   *
   * @throws PipelineException (input) when the text is anything else
   */
  public SequenceNumber {
    boolean valid = !digits.isEmpty() && (digits.length() == 1 || digits.charAt(0) != '0');
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!valid) {
      throw PipelineException.input(
          "'" + digits + "' is not a sequence number",
          "Give decimal digits without leading zeros.");
    }
  }

  public static SequenceNumber of(long number) {
    return new SequenceNumber(Long.toString(number));
  }

  @Override
  public int compareTo(SequenceNumber other) {
    int byLength = Integer.compare(digits.length(), other.digits.length());
    return byLength != 0 ? byLength : digits.compareTo(other.digits);
  }

  @Override
  public String toString() {
    return digits;
  }
}
