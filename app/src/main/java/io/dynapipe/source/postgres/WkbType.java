package io.dynapipe.source.postgres;

import org.jspecify.annotations.Nullable;

/** The kinds of geometries that PostGIS 3 has, by their codes in its EWKB. */
enum WkbType {
  POINT(1, Body.POINT),
  LINESTRING(2, Body.POINTS),
  POLYGON(3, Body.RINGS),
  MULTIPOINT(4, Body.PARTS),
  MULTILINESTRING(5, Body.PARTS),
  MULTIPOLYGON(6, Body.PARTS),
  GEOMETRYCOLLECTION(7, Body.PARTS),
  CIRCULARSTRING(8, Body.POINTS),
  COMPOUNDCURVE(9, Body.PARTS),
  CURVEPOLYGON(10, Body.PARTS),
  MULTICURVE(11, Body.PARTS),
  MULTISURFACE(12, Body.PARTS),
  POLYHEDRALSURFACE(15, Body.PARTS),
  TIN(16, Body.PARTS),
  TRIANGLE(17, Body.RINGS);

  /** What follows the header. */
  enum Body {
    /** One position. */
    POINT,
    /** A counted list of positions. */
    POINTS,
    /** A counted list of counted lists. */
    RINGS,
    /** A counted list of geometries, each with a header of its own. */
    PARTS
  }

  private final int code;
  private final Body body;

  WkbType(int code, Body body) {
    this.code = code;
    this.body = body;
  }

  /** The type of a code; null when PostGIS 3 has none. */
  static @Nullable WkbType of(int code) {
    for (WkbType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }

  Body body() {
    return body;
  }

  /** The type whose name EWKT leaves out in this one; null when all are named. */
  private @Nullable WkbType usualPart() {
    return switch (this) {
      case MULTIPOINT -> POINT;
      case MULTILINESTRING, COMPOUNDCURVE, CURVEPOLYGON, MULTICURVE -> LINESTRING;
      case MULTIPOLYGON, MULTISURFACE, POLYHEDRALSURFACE -> POLYGON;
      case TIN -> TRIANGLE;
      default -> null;
    };
  }

  /** Whether EWKT names a part of this type. */
  boolean names(WkbType part) {
    return part != usualPart();
  }

  boolean mayHold(WkbType part) {
    return switch (this) {
      case GEOMETRYCOLLECTION -> true;
      case COMPOUNDCURVE -> part == LINESTRING || part == CIRCULARSTRING;
      case CURVEPOLYGON, MULTICURVE ->
          part == LINESTRING || part == CIRCULARSTRING || part == COMPOUNDCURVE;
      case MULTISURFACE -> part == POLYGON || part == CURVEPOLYGON;
      default -> part == usualPart();
    };
  }

  /** Whether EWKT has a form for parts without points. */
  boolean mayHoldEmptyParts() {
    return switch (this) {
      case COMPOUNDCURVE, CURVEPOLYGON, POLYHEDRALSURFACE, TIN -> false;
      default -> true;
    };
  }
}
