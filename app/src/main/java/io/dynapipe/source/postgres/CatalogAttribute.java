package io.dynapipe.source.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code pg_attribute}.
 *
 * @param name null when the column was dropped
 * @param typeOid 0 when the column was dropped
 */
public record CatalogAttribute(int number, @Nullable String name, long typeOid) {

  public boolean isDropped() {
    return name == null;
  }
}
