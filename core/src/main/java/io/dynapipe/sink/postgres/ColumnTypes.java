package io.dynapipe.sink.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.sink.postgres.ColumnType.Kind;
import java.util.Locale;
import java.util.Map;

/** From source columns to the types of the columns layout, and from the catalogue to types. */
final class ColumnTypes {

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("bool", Kind.BOOLEAN),
          Map.entry("int2", Kind.INT2),
          Map.entry("int4", Kind.INT4),
          Map.entry("int8", Kind.INT8),
          Map.entry("numeric", Kind.NUMERIC),
          Map.entry("float4", Kind.FLOAT4),
          Map.entry("float8", Kind.FLOAT8),
          Map.entry("text", Kind.TEXT),
          Map.entry("varchar", Kind.VARCHAR),
          Map.entry("bpchar", Kind.CHAR),
          Map.entry("bytea", Kind.BYTEA),
          Map.entry("date", Kind.DATE),
          Map.entry("time", Kind.TIME),
          Map.entry("timestamp", Kind.TIMESTAMP),
          Map.entry("timestamptz", Kind.TIMESTAMP),
          Map.entry("uuid", Kind.UUID),
          Map.entry("json", Kind.JSON),
          Map.entry("jsonb", Kind.JSONB));

  /** {@code VARHDRSZ}: what the catalogue adds to a type's length. */
  private static final int MODIFIER_OFFSET = 4;

  private ColumnTypes() {}

  /**
   * The type of the column that the sink makes: lossless first, then the most useful. A real
   * becomes double precision, because DMS prints nine digits of it, which a real does not give
   * back; numbers and texts have no declared length, because DMS's declarations are no bounds.
   */
  static ColumnType of(Column column) {
    return switch (column.type()) {
      case BOOLEAN -> ColumnType.of(Kind.BOOLEAN, "boolean");
      case INT8, UINT8, INT16 -> ColumnType.of(Kind.INT2, "smallint");
      case UINT16, INT32 -> ColumnType.of(Kind.INT4, "integer");
      case UINT32, INT64 -> ColumnType.of(Kind.INT8, "bigint");
      case UINT64, DECIMAL -> ColumnType.of(Kind.NUMERIC, "numeric");
      case FLOAT, DOUBLE -> ColumnType.of(Kind.FLOAT8, "double precision");
      case BINARY -> ColumnType.of(Kind.BYTEA, "bytea");
      case DATE -> ColumnType.of(Kind.DATE, "date");
      case TIME -> time(column);
      case TIMESTAMP ->
          isZoned(column)
              ? ColumnType.of(Kind.TIMESTAMP, "timestamp with time zone")
              : ColumnType.of(Kind.TIMESTAMP, "timestamp without time zone");
      case STRING -> string(column);
    };
  }

  private static ColumnType time(Column column) {
    String source = sourceType(column);
    return source.equals("timetz") || source.endsWith("with time zone")
        ? ColumnType.of(Kind.TEXT, "text")
        : ColumnType.of(Kind.TIME, "time without time zone");
  }

  /** DMS does not tell; a zone that is UTC then says what the text says. */
  private static boolean isZoned(Column column) {
    String source = sourceType(column);
    return source.isEmpty()
        || source.startsWith("timestamptz")
        || source.endsWith("with time zone");
  }

  private static ColumnType string(Column column) {
    return switch (sourceType(column)) {
      case "json" -> ColumnType.of(Kind.JSON, "json");
      case "jsonb" -> ColumnType.of(Kind.JSONB, "jsonb");
      case "uuid" -> ColumnType.of(Kind.UUID, "uuid");
      default -> ColumnType.of(Kind.TEXT, "text");
    };
  }

  private static String sourceType(Column column) {
    return column.sourceType() == null ? "" : column.sourceType().toLowerCase(Locale.ROOT);
  }

  /**
   * A column's type as the catalogue tells it.
   *
   * @param typeName {@code pg_type.typname}
   * @param sqlName {@code format_type(atttypid, NULL)}
   * @param modifier {@code pg_attribute.atttypmod}; -1 for none
   */
  static ColumnType ofCatalogue(String typeName, String sqlName, int modifier) {
    Kind kind = KINDS.getOrDefault(typeName, Kind.OTHER);
    if (modifier < 0) {
      return ColumnType.of(kind, sqlName);
    }
    return switch (kind) {
      case NUMERIC ->
          new ColumnType(
              kind,
              sqlName,
              (modifier - MODIFIER_OFFSET) >> 16 & 0xFFFF,
              // An eleven-bit signed number since PostgreSQL 15.
              (((modifier - MODIFIER_OFFSET) & 0x7FF) ^ 1024) - 1024);
      case VARCHAR, CHAR -> new ColumnType(kind, sqlName, modifier - MODIFIER_OFFSET, -1);
      case TIME, TIMESTAMP -> new ColumnType(kind, sqlName, modifier, -1);
      default -> ColumnType.of(kind, sqlName);
    };
  }

  /** Whether every value of the one type is a value of the other, with the same meaning. */
  static boolean widens(ColumnType from, ColumnType to) {
    if (from.kind() == to.kind()) {
      return false;
    }
    return switch (to.kind()) {
      case INT4 -> from.kind() == Kind.INT2;
      case INT8 -> from.kind() == Kind.INT2 || from.kind() == Kind.INT4;
      case NUMERIC -> isInteger(from.kind());
      case FLOAT8 -> from.kind() == Kind.INT2 || from.kind() == Kind.INT4;
      case TEXT ->
          isInteger(from.kind())
              || from.kind() == Kind.NUMERIC
              || from.kind() == Kind.VARCHAR
              || from.kind() == Kind.UUID
              || from.kind() == Kind.BOOLEAN;
      default -> false;
    };
  }

  private static boolean isInteger(Kind kind) {
    return kind == Kind.INT2 || kind == Kind.INT4 || kind == Kind.INT8;
  }
}
