package io.dynapipe.source.postgres;

import io.dynapipe.event.Column;

/**
 * A column with what only PostgreSQL knows of it.
 *
 * @param attribute {@code pg_attribute.attnum}: stays the same when the column is renamed
 * @param typeOid the declared type, as {@code Relation} messages name it
 * @param typmod the declared type's modifier; -1 when there is none
 * @param format how the server's text becomes the value of an event
 */
public record SourceColumn(
    Column column, int attribute, long typeOid, int typmod, ValueFormat format) {

  public String name() {
    return column.name();
  }

  /** The same column under another name. */
  public SourceColumn withName(String newName) {
    return new SourceColumn(column.withName(newName), attribute, typeOid, typmod, format);
  }

  /** The same column as another attribute. */
  public SourceColumn withAttribute(int newAttribute) {
    return new SourceColumn(column, newAttribute, typeOid, typmod, format);
  }

  /** Whether both have the same declared type, modifier included. */
  public boolean hasTypeOf(SourceColumn other) {
    return typeOid == other.typeOid && typmod == other.typmod;
  }
}
