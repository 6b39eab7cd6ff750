package io.dynapipe.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row's primary key values, in the order of the key's columns; equal when kinds and texts are
 * equal. The unit of ordering: events of one key are applied in commit order.
 */
public final class RowKey {

  private final Row key;
  private final int hash;

  private RowKey(Row key) {
    this.key = key;
    this.hash = hash(key.bytes(), key.byteSize()) * 31 + key.size();
  }

  /**
   * The key of a row, or null when the row does not hold a value for each key column (then it
   * cannot be addressed by this key).
   */
  public static @Nullable RowKey of(Row row, ColumnNames keyColumns) {
    int[] columns = new int[keyColumns.size()];
    int size = 0;
    for (int i = 0; i < columns.length; i++) {
      int column = row.columns().indexOf(keyColumns.name(i));
      if (column < 0 || !row.kind(column).hasValue()) {
        return null;
      }
      columns[i] = column;
      size += row.length(column);
    }
    RowBuilder builder = new RowBuilder(size).begin(keyColumns);
    for (int column : columns) {
      builder.addFrom(row, column);
    }
    return new RowKey(builder.build());
  }

  private static int hash(byte[] bytes, int size) {
    int hash = 1;
    for (int i = 0; i < size; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /** The key's values as a row of the key columns only. */
  public Row values() {
    return key;
  }

  /** The values' texts in key order. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>(key.size());
    for (int i = 0; i < key.size(); i++) {
      texts.add(new String(key.bytes(), key.start(i), key.length(i), StandardCharsets.UTF_8));
    }
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowKey rowKey && hash == rowKey.hash && key.equals(rowKey.key);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For messages: {@code id=42} or {@code a=1, b=x}. */
  @Override
  public String toString() {
    String text = key.toString();
    return text.substring(1, text.length() - 1);
  }
}
