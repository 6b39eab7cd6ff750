package io.dynapipe.event;

import org.jspecify.annotations.Nullable;

/** A table by schema and name, exactly as the source spells them (no folding, no quotes). */
public record TableName(String schema, String name) implements Comparable<TableName> {

  public TableName {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a table name must not be empty");
    }
  }

  // A record's own equals and hashCode are linked at their first use, which a cold start pays for.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableName table
        && name.equals(table.name)
        && schema.equals(table.schema);
  }

  @Override
  public int hashCode() {
    return schema.hashCode() * 31 + name.hashCode();
  }

  /** The field's plain form {@code schema.name}; for messages and partition keys, not for SQL. */
  @Override
  public String toString() {
    return schema.isEmpty() ? name : schema + "." + name;
  }

  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }
}
