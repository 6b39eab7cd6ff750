package io.dynapipe.source.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pg_attribute}.
 *
 * @param name null when the column was dropped
 * @param typeOid 0 when the column was dropped
 * @param hasDefault whether rows that were there when it was added may have got a value
 */
public record CatalogAttribute(
    int number, @Nullable String name, long typeOid, boolean hasDefault) {

  public boolean isDropped() {
    return name == null;
  }
}
