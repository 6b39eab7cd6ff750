package io.dynapipe.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row's values in the order of its {@link ColumnNames}: UTF-8 bytes in one array, with a kind
 * and an end for each column, so that a value can travel from the source's protocol to JSON without
 * becoming an object of its own. Immutable.
 *
 * <p>Values have the canonical text that AWS DMS gives them on the wire: timestamps as {@code
 * 2010-11-01T00:02:00.100000Z}, bytea as {@code 0x..}, JSON as its text.
 */
public final class Row {

  private final ColumnNames columns;
  private final byte[] kinds;
  private final int[] ends;
  private final byte[] bytes;

  /** Takes the arrays over without a copy; {@link RowBuilder} is the way for everyone else. */
  Row(ColumnNames columns, byte[] kinds, int[] ends, byte[] bytes) {
    this.columns = columns;
    this.kinds = kinds;
    this.ends = ends;
    this.bytes = bytes;
  }

  public ColumnNames columns() {
    return columns;
  }

  public int size() {
    return columns.size();
  }

  public ValueKind kind(int column) {
    return ValueKind.of(kinds[column]);
  }

  /** The kind of a column by name; {@link ValueKind#ABSENT} when the row has no such column. */
  public ValueKind kind(String column) {
    int index = columns.indexOf(column);
    return index < 0 ? ValueKind.ABSENT : kind(index);
  }

  /** The value's text, or null when the column holds no value (see {@link #kind}). */
  public @Nullable String text(int column) {
    return kind(column).hasValue()
        ? new String(bytes, start(column), length(column), StandardCharsets.UTF_8)
        : null;
  }

  /** The value's text by column name, or null when it holds no value. */
  public @Nullable String text(String column) {
    int index = columns.indexOf(column);
    return index < 0 ? null : text(index);
  }

  /** The backing bytes; a caller reads {@link #start} to {@link #end} and must not write. */
  public byte[] bytes() {
    return bytes;
  }

  public int start(int column) {
    return column == 0 ? 0 : ends[column - 1];
  }

  public int end(int column) {
    return ends[column];
  }

  public int length(int column) {
    return ends[column] - start(column);
  }

  /** Bytes of memory the values take, for budgets. */
  public int byteSize() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Whether the two rows hold the same kind and text in this column of each. */
  public boolean sameValue(int column, Row other, int otherColumn) {
    return kinds[column] == other.kinds[otherColumn]
        && Arrays.equals(
            bytes,
            start(column),
            end(column),
            other.bytes,
            other.start(otherColumn),
            other.end(otherColumn));
  }

  @Override
  public boolean equals(@Nullable Object object) {
    if (!(object instanceof Row other)) {
      return false;
    }
    return columns.equals(other.columns)
        && Arrays.equals(kinds, other.kinds)
        && Arrays.equals(ends, other.ends)
        && Arrays.equals(bytes, 0, byteSize(), other.bytes, 0, other.byteSize());
  }

  @Override
  public int hashCode() {
    return columns.hashCode() * 31 + Arrays.hashCode(kinds) * 7 + Arrays.hashCode(ends);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < size(); i++) {
      text.append(i == 0 ? "" : ", ").append(columns.name(i)).append('=');
      text.append(kind(i).hasValue() ? text(i) : kind(i).name());
    }
    return text.append('}').toString();
  }
}
