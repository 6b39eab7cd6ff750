package io.dynapipe.mapping.rule;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.mapping.document.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type that a rule gives to a column.
 *
 * @param length of a string, in characters; null when unbounded
 * @param precision decimal digits of a numeric; null when unbounded
 * @param scale digits after the point of a numeric; null when unbounded
 */
public record ColumnType(
    DataType type, @Nullable Integer length, @Nullable Integer precision, @Nullable Integer scale) {

  private static final Map<String, DataType> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("boolean", DataType.BOOLEAN);
    BY_NAME.put("int1", DataType.INT8);
    BY_NAME.put("int2", DataType.INT16);
    BY_NAME.put("int4", DataType.INT32);
    BY_NAME.put("int8", DataType.INT64);
    BY_NAME.put("uint1", DataType.UINT8);
    BY_NAME.put("uint2", DataType.UINT16);
    BY_NAME.put("uint4", DataType.UINT32);
    BY_NAME.put("uint8", DataType.UINT64);
    BY_NAME.put("numeric", DataType.DECIMAL);
    BY_NAME.put("real4", DataType.FLOAT);
    BY_NAME.put("real8", DataType.DOUBLE);
    BY_NAME.put("string", DataType.STRING);
    BY_NAME.put("wstring", DataType.STRING);
    BY_NAME.put("clob", DataType.STRING);
    BY_NAME.put("nclob", DataType.STRING);
    BY_NAME.put("bytes", DataType.BINARY);
    BY_NAME.put("blob", DataType.BINARY);
    BY_NAME.put("date", DataType.DATE);
    BY_NAME.put("time", DataType.TIME);
    BY_NAME.put("datetime", DataType.TIMESTAMP);
  }

  private static final int MOST = 10_485_760;

  /** What SHA-256 gives: 64 hexadecimal digits. */
  public static final ColumnType HASH = new ColumnType(DataType.STRING, 64, null, null);

  static @Nullable ColumnType read(JsonObject rule) {
    JsonObject object = rule.requiredObject("data-type");
    DataType type = object.choice("type", BY_NAME, null);
    boolean string = object.text("type", "").endsWith("string");
    Integer length = size(object, "length", 1);
    Integer precision = size(object, "precision", 0);
    Integer scale = size(object, "scale", 0);
    object.end();
    if (type == null) {
      return null;
    }
    boolean decimal = type == DataType.DECIMAL;
    // a precision of datetime says how many digits a target keeps of a second: all are sent
    return new ColumnType(
        type, string ? length : null, decimal ? precision : null, decimal ? scale : null);
  }

  private static @Nullable Integer size(JsonObject object, String name, int least) {
    int size = (int) object.integer(name, -1, least, MOST);
    return size < 0 ? null : (Integer) size;
  }

  /** A column of this type. */
  public Column column(String name, boolean nullable) {
    return new Column(name, type, length, nullable, sourceType(), precision, scale);
  }

  /** The PostgreSQL type that comes closest. */
  private String sourceType() {
    return switch (type) {
      case BOOLEAN -> "boolean";
      case INT8, INT16, UINT8 -> "smallint";
      case INT32, UINT16 -> "integer";
      case INT64, UINT32 -> "bigint";
      case UINT64 -> "numeric(20,0)";
      case DECIMAL -> numeric();
      case FLOAT -> "real";
      case DOUBLE -> "double precision";
      case STRING -> length == null ? "text" : "character varying(" + length + ")";
      case BINARY -> "bytea";
      case DATE -> "date";
      case TIME -> "time without time zone";
      case TIMESTAMP -> "timestamp without time zone";
    };
  }

  private String numeric() {
    return precision == null
        ? "numeric"
        : "numeric(" + precision + "," + (scale == null ? 0 : scale) + ")";
  }

  /** Whether a column is of a type that is called so, in DMS or in PostgreSQL. */
  static boolean isCalled(Column column, String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String source = column.sourceType() == null ? "" : column.sourceType();
    int modifier = source.indexOf('(');
    String bare = (modifier < 0 ? source : source.substring(0, modifier)).strip();
    if (wanted.equals(bare) || wanted.equals(SHORT_NAMES.get(bare))) {
      return true;
    }
    return switch (wanted) {
      case "string", "wstring" -> column.type() == DataType.STRING && !isLob(column);
      case "clob", "nclob" -> column.type() == DataType.STRING && isLob(column);
      default -> column.type() == BY_NAME.get(wanted);
    };
  }

  private static final Map<String, String> SHORT_NAMES =
      Map.of(
          "character varying", "varchar",
          "character", "char",
          "timestamp without time zone", "timestamp",
          "timestamp with time zone", "timestamptz",
          "time without time zone", "time",
          "time with time zone", "timetz",
          "smallint", "int2",
          "integer", "int4",
          "bigint", "int8");

  /** The DMS type of a column, as {@code $AR_M_SOURCE_COLUMN_DATATYPE} tells it. */
  public static String dmsName(Column column) {
    if (column.type() == DataType.STRING) {
      return isLob(column) ? "nclob" : "wstring";
    }
    for (Map.Entry<String, DataType> entry : BY_NAME.entrySet()) {
      if (entry.getValue() == column.type()) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("no DMS type for " + column.type());
  }

  /**
   * Whether DMS takes the column as a large object: bytea, and texts without a bound except those
   * whose values are short by nature.
   */
  public static boolean isLob(Column column) {
    if (column.type() == DataType.BINARY) {
      return true;
    }
    if (column.type() != DataType.STRING || column.length() != null) {
      return false;
    }
    String source = column.sourceType() == null ? "text" : column.sourceType();
    if (source.endsWith("[]") || column.isGeometry()) {
      return true;
    }
    return switch (source) {
      case "text", "citext", "public.citext", "json", "jsonb", "xml", "tsvector", "tsquery" -> true;
      case "hstore", "public.hstore", "path", "polygon" -> true;
      default -> false;
    };
  }
}
