package io.dynapipe.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a row change stands in the source's log: the change's own LSN and its transaction's commit
 * LSN. DMS prints it as {@code 00000002/7C007178.3.00000002/7C007178}; the middle number's meaning
 * is not documented (2 and 3 have been seen), it is carried along.
 */
public record StreamPosition(Lsn change, int marker, Lsn commit) {

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9A-Fa-f]{8}/[0-9A-Fa-f]{8})\\.(\\d{1,4})\\.([0-9A-Fa-f]{8}/[0-9A-Fa-f]{8})");

  /**
   * Reads DMS's form.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static StreamPosition parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a stream position: '" + text + "'");
    }
    return new StreamPosition(
        Lsn.parse(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Lsn.parse(matcher.group(3)));
  }

  @Override
  public String toString() {
    return padded(change) + "." + marker + "." + padded(commit);
  }

  private static String padded(Lsn lsn) {
    return String.format("%08X/%08X", lsn.value() >>> 32, lsn.value() & 0xFFFF_FFFFL);
  }
}
