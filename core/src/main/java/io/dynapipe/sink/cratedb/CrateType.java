package io.dynapipe.sink.cratedb;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column or sub-column in CrateDB, as far as it decides which values fit.
 *
 * @param precision NUMERIC: digits in all; TEXT and CHARACTER: longest text in characters; else 0
 * @param scale NUMERIC: digits after the point; -1 when it could not be found out
 * @param longText TEXT: whether values over 32,766 bytes are accepted (no index, no column store)
 * @param policy OBJECT: what becomes of members that are not declared
 * @param members OBJECT (and arrays of it): declared members by name
 * @param element ARRAY: the type of its elements
 */
record CrateType(
    Kind kind,
    int precision,
    int scale,
    boolean longText,
    Policy policy,
    Map<String, CrateType> members,
    @Nullable CrateType element) {

  // A record's own equals and hashCode are linked at their first use, which a cold start pays for.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CrateType type
        && kind == type.kind
        && precision == type.precision
        && scale == type.scale
        && longText == type.longText
        && policy == type.policy
        && members.equals(type.members)
        && Objects.equals(element, type.element);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, precision, scale, longText, policy, members, element);
  }

  /** What CrateDB makes of undeclared members of an object. */
  enum Policy {
    STRICT,
    DYNAMIC,
    IGNORED
  }

  /** The families of types that differ in what they hold. */
  enum Kind {
    BOOLEAN("boolean"),
    BYTE("byte"),
    SMALLINT("smallint"),
    INTEGER("integer"),
    BIGINT("bigint"),
    REAL("real"),
    DOUBLE("double precision"),
    NUMERIC("numeric"),
    TEXT("text"),
    CHARACTER("character"),
    TIMESTAMP("timestamp with time zone"),
    UUID("uuid"),
    OBJECT("object"),
    ARRAY("array"),
    /** Made by a null or an empty array before any value came; holds no value. */
    UNDEFINED("undefined"),
    /** A type whose values are not compared here (ip, geo_point, bit, ...). */
    OTHER("other");

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }

    /** The type's name in {@code information_schema.columns} and in statements. */
    String sql() {
      return sql;
    }
  }

  static final CrateType BOOLEAN = of(Kind.BOOLEAN);
  static final CrateType SMALLINT = of(Kind.SMALLINT);
  static final CrateType INTEGER = of(Kind.INTEGER);
  static final CrateType BIGINT = of(Kind.BIGINT);
  static final CrateType REAL = of(Kind.REAL);
  static final CrateType DOUBLE = of(Kind.DOUBLE);
  static final CrateType TEXT = of(Kind.TEXT);
  static final CrateType LONG_TEXT =
      new CrateType(Kind.TEXT, 0, 0, true, Policy.STRICT, Map.of(), null);
  static final CrateType TIMESTAMP = of(Kind.TIMESTAMP);
  static final CrateType OBJECT_IGNORED = object(Policy.IGNORED, Map.of());
  static final CrateType UNDEFINED = of(Kind.UNDEFINED);

  static CrateType of(Kind kind) {
    return new CrateType(kind, 0, 0, false, Policy.STRICT, Map.of(), null);
  }

  static CrateType numeric(int precision, int scale) {
    return new CrateType(Kind.NUMERIC, precision, scale, false, Policy.STRICT, Map.of(), null);
  }

  static CrateType object(Policy policy, Map<String, CrateType> members) {
    return new CrateType(
        Kind.OBJECT,
        0,
        0,
        false,
        policy,
        Collections.unmodifiableMap(new LinkedHashMap<>(members)),
        null);
  }

  static CrateType array(CrateType element) {
    return new CrateType(Kind.ARRAY, 0, 0, false, Policy.STRICT, element.members(), element);
  }

  /** Whether the values are whole numbers. */
  boolean isInteger() {
    return kind == Kind.BYTE
        || kind == Kind.SMALLINT
        || kind == Kind.INTEGER
        || kind == Kind.BIGINT;
  }

  /** The type as a statement declares it; only for types this program declares. */
  String ddl() {
    return switch (kind) {
      case NUMERIC -> "numeric(" + precision + ", " + scale + ")";
      case TEXT -> longText ? "text index off storage with (columnstore = false)" : "text";
      case OBJECT -> "object(" + policy.name().toLowerCase(java.util.Locale.ROOT) + ")";
      case ARRAY -> "array(" + (element == null ? "text" : element.ddl()) + ")";
      default -> kind.sql();
    };
  }

  @Override
  public String toString() {
    return ddl();
  }
}
