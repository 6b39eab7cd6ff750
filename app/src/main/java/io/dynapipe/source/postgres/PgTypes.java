package io.dynapipe.source.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;

/**
 * Which event type and which form PostgreSQL's types get. What is not named here is text: that is
 * exact for every type there is.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html#CHAP_Source-PostgreSQL-DataTypes">AWS
 *     DMS, source data types for PostgreSQL</a>
 */
final class PgTypes {

  private PgTypes() {}

  static Column column(String name, boolean nullable, TypeInfo type) {
    return new Column(
        name,
        dataType(type.name()),
        type.length(),
        nullable,
        type.formatted(),
        type.precision(),
        type.scale());
  }

  static DataType dataType(String typeName) {
    return switch (typeName) {
      case "bool" -> DataType.BOOLEAN;
      case "int2" -> DataType.INT16;
      case "int4" -> DataType.INT32;
      case "int8" -> DataType.INT64;
      case "oid", "xid", "cid" -> DataType.UINT32;
      case "xid8" -> DataType.UINT64;
      case "float4" -> DataType.FLOAT;
      case "float8" -> DataType.DOUBLE;
      case "numeric" -> DataType.DECIMAL;
      case "bytea" -> DataType.BINARY;
      case "date" -> DataType.DATE;
      case "time", "timetz" -> DataType.TIME;
      case "timestamp", "timestamptz" -> DataType.TIMESTAMP;
      default -> DataType.STRING;
    };
  }

  static ValueFormat format(String typeName) {
    return switch (typeName) {
      case "bool" -> ValueFormat.BOOLEAN;
      case "int2", "int4", "int8", "oid", "xid", "cid", "xid8" -> ValueFormat.INTEGER;
      case "float4", "float8", "numeric" -> ValueFormat.NUMBER;
      case "bpchar" -> ValueFormat.BLANK_TRIMMED;
      case "bytea" -> ValueFormat.BYTEA;
      case "timestamp" -> ValueFormat.TIMESTAMP;
      case "timestamptz" -> ValueFormat.TIMESTAMPTZ;
      case "postgis.geometry", "postgis.geography" -> ValueFormat.EWKT;
      default -> ValueFormat.TEXT;
    };
  }
}
