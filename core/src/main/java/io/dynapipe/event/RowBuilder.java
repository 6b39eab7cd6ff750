package io.dynapipe.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Fills rows column by column, reusing its buffer from row to row. One thread at a time.
 *
 * <p>Either one call a column ({@link #addText}, {@link #addNull}, ...), or, for a value that is
 * made piece by piece, {@link #append} as often as needed and then {@link #endValue}.
 */
public final class RowBuilder {

  private ColumnNames columns = ColumnNames.of();
  private byte[] kinds = {};
  private int[] ends = {};
  private byte[] bytes;
  private int size;
  private int column;

  public RowBuilder() {
    this(512);
  }

  /** With room for so many bytes of values; more are made when they are needed. */
  RowBuilder(int bytes) {
    this.bytes = new byte[bytes];
  }

  /** Starts a row of these columns; what was there before is forgotten. */
  public RowBuilder begin(ColumnNames names) {
    columns = names;
    kinds = new byte[names.size()];
    ends = new int[names.size()];
    size = 0;
    column = 0;
    return this;
  }

  public RowBuilder addNull() {
    return endValue(ValueKind.NULL);
  }

  public RowBuilder addAbsent() {
    return endValue(ValueKind.ABSENT);
  }

  public RowBuilder addUnchanged() {
    return endValue(ValueKind.UNCHANGED);
  }

  public RowBuilder addText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return add(ValueKind.TEXT, utf8, 0, utf8.length);
  }

  /** A number's exact decimal text; it must be valid as a JSON number. */
  public RowBuilder addNumber(String digits) {
    byte[] ascii = digits.getBytes(StandardCharsets.ISO_8859_1);
    return add(ValueKind.NUMBER, ascii, 0, ascii.length);
  }

  public RowBuilder addNumber(long number) {
    return addNumber(Long.toString(number));
  }

  public RowBuilder addBoolean(boolean value) {
    byte[] ascii = (value ? "true" : "false").getBytes(StandardCharsets.ISO_8859_1);
    return add(ValueKind.BOOLEAN, ascii, 0, ascii.length);
  }

  /** The same value as another row's column. */
  public RowBuilder addFrom(Row row, int index) {
    return add(row.kind(index), row.bytes(), row.start(index), row.length(index));
  }

  public RowBuilder add(ValueKind kind, byte[] source, int offset, int length) {
    append(source, offset, length);
    return endValue(kind);
  }

  /** A piece of the present column's value. */
  public RowBuilder append(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** One byte of the present column's value. */
  public RowBuilder append(int oneByte) {
    ensure(1);
    bytes[size++] = (byte) oneByte;
    return this;
  }

  /** Ends the present column's value and goes to the next column. */
  public RowBuilder endValue(ValueKind kind) {
    kinds[column] = kind.code();
    ends[column] = size;
    column++;
    return this;
  }

  /**
   * The row; the builder may then begin another.
   *
   * @throws IllegalStateException when columns are missing
   */
  public Row build() {
    if (column != columns.size()) {
      throw new IllegalStateException(
          column + " of " + columns.size() + " columns were given: " + columns);
    }
    return new Row(columns, kinds, ends, Arrays.copyOf(bytes, size));
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max((long) bytes.length * 2, (long) size + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16L));
    }
  }
}
