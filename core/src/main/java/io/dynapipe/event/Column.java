package io.dynapipe.event;

import org.jspecify.annotations.Nullable;

/**
 * A column's definition.
 *
 * @param length declared length in characters; null when unbounded or not a string. It is not a
 *     bound that values keep: DMS declares 9 for an interval and sends 14 characters
 * @param sourceType the type's name at the source, such as {@code jsonb} or {@code numeric(10,2)};
 *     null when the event came from AWS DMS, which does not tell
 * @param precision decimal digits in all; null when unbounded or not a DECIMAL
 * @param scale decimal digits after the point; null when unbounded or not a DECIMAL
 */
public record Column(
    String name,
    DataType type,
    @Nullable Integer length,
    boolean nullable,
    @Nullable String sourceType,
    @Nullable Integer precision,
    @Nullable Integer scale) {

  /** A nullable column of which only name and type are known. */
  public static Column of(String name, DataType type) {
    return new Column(name, type, null, true, null, null, null);
  }

  /** The same column under another name. */
  public Column withName(String newName) {
    return new Column(newName, type, length, nullable, sourceType, precision, scale);
  }

  /** Whether the source says that the values are JSON documents. */
  public boolean isJson() {
    return "json".equals(sourceType) || "jsonb".equals(sourceType);
  }

  /**
   * Whether the source says that the values are geometries or geographies of PostGIS, which may be
   * in any schema: {@code public.geometry(Point,4326)}.
   */
  public boolean isGeometry() {
    if (sourceType == null) {
      return false;
    }
    int modifier = sourceType.lastIndexOf('(');
    String name = modifier < 0 ? sourceType : sourceType.substring(0, modifier);
    return name.endsWith(".geometry") || name.endsWith(".geography");
  }
}
