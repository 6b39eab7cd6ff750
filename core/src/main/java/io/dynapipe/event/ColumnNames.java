package io.dynapipe.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ordered, distinct column names that many rows share. Immutable; rows of one table usually
 * point at one instance, so that comparing the shape of two rows is comparing two references.
 */
public final class ColumnNames {

  private final List<String> names;
  private final Map<String, Integer> positions;

  private ColumnNames(List<String> names) {
    this.names = names;
    this.positions = new HashMap<>(names.size() * 2);
    for (int i = 0; i < names.size(); i++) {
      if (positions.put(names.get(i), i) != null) {
        throw new IllegalArgumentException("column '" + names.get(i) + "' occurs twice");
      }
    }
  }

  /**
   * Names in column order.
   *
   * @throws IllegalArgumentException when a name occurs twice
   */
  public static ColumnNames of(List<String> names) {
    return new ColumnNames(List.copyOf(names));
  }

  /** Names in column order. */
  public static ColumnNames of(String... names) {
    return of(List.of(names));
  }

  public int size() {
    return names.size();
  }

  public String name(int column) {
    return names.get(column);
  }

  /** The column's position, or -1 when there is no such column. */
  public int indexOf(String name) {
    Integer position = positions.get(name);
    return position == null ? -1 : position;
  }

  public List<String> asList() {
    return names;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof ColumnNames columns && names.equals(columns.names));
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
