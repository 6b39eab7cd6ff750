package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the type of a column in a table that is ours to define: lossless first, then the most
 * useful. See {@code docs/cratedb.md} for the table and {@code docs/adr} for the reasons.
 */
final class CrateTypes {

  /** Digits that CrateDB stores in a NUMERIC. */
  static final int MAX_PRECISION = 38;

  /** Longest text in UTF-8 bytes that CrateDB indexes or keeps in its column store. */
  static final int MAX_INDEXED_BYTES = 32_766;

  /** Types of text that nobody filters or sorts by, and that are often long. */
  private static final Set<String> LONG = Set.of("bytea", "xml", "tsvector");

  private CrateTypes() {}

  /**
   * The type for a column's values, or null when only a value can tell: an unbounded text that AWS
   * DMS sent may be JSON.
   *
   * @param aux whether the table has a place for what does not fit; without one, types that cannot
   *     hold every value exactly are avoided
   */
  static @Nullable CrateType member(Column column, boolean aux) {
    if (column.isJson()) {
      return CrateType.OBJECT_IGNORED;
    }
    return switch (column.type()) {
      case BOOLEAN -> CrateType.BOOLEAN;
      case INT8, UINT8, INT16 -> CrateType.SMALLINT;
      case UINT16, INT32 -> CrateType.INTEGER;
      case UINT32, INT64 -> CrateType.BIGINT;
      case UINT64 -> CrateType.numeric(20, 0);
      case DECIMAL -> decimal(column);
      // DMS prints a real with nine digits (2.20000005); a REAL would give 2.2 back.
      case FLOAT, DOUBLE -> CrateType.DOUBLE;
      case STRING -> text(column);
      case BINARY -> CrateType.LONG_TEXT;
      case TIME -> CrateType.TEXT;
      case DATE, TIMESTAMP -> aux ? CrateType.TIMESTAMP : CrateType.TEXT;
    };
  }

  /** The type for a key column: one that tells any two different keys apart. */
  static CrateType key(Column column) {
    return switch (column.type()) {
      case INT8, UINT8, INT16, UINT16, INT32 -> CrateType.INTEGER;
      case UINT32, INT64 -> CrateType.BIGINT;
      default -> CrateType.TEXT;
    };
  }

  private static CrateType decimal(Column column) {
    Integer precision = column.precision();
    Integer scale = column.scale();
    if (precision != null && scale != null) {
      boolean storable = precision <= MAX_PRECISION && scale >= 0 && scale <= precision;
      return storable ? CrateType.numeric(precision, scale) : CrateType.TEXT;
    }
    // AWS DMS tells no precision and prints NUMERIC(28,6) for it: room for that and some more.
    return column.sourceType() == null ? CrateType.numeric(MAX_PRECISION, 10) : CrateType.TEXT;
  }

  private static @Nullable CrateType text(Column column) {
    String sourceType = column.sourceType();
    if (sourceType == null && column.length() == null) {
      return null;
    }
    boolean isLong = sourceType != null && LONG.contains(sourceType);
    return isLong || column.isGeometry() ? CrateType.LONG_TEXT : CrateType.TEXT;
  }

  /** Whether a column's first value has to decide between text and object. */
  static boolean isUndecided(Column column) {
    return column.type() == DataType.STRING
        && column.sourceType() == null
        && column.length() == null;
  }
}
