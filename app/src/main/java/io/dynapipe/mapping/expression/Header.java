package io.dynapipe.mapping.expression;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an expression can ask beyond the row's columns. */
public enum Header {
  /** Where the change stands in the source's log; NULL on full load. */
  STREAM_POSITION("AR_H_STREAM_POSITION"),
  /** When the event was made. */
  TIMESTAMP("AR_H_TIMESTAMP"),
  /** When the transaction was committed; on full load when the event was made. */
  COMMIT_TIMESTAMP("AR_H_COMMIT_TIMESTAMP"),
  /** INSERT (also on full load), UPDATE or DELETE. */
  OPERATION("AR_H_OPERATION"),
  /** 35 digits that grow from change to change; NULL on full load. */
  CHANGE_SEQ("AR_H_CHANGE_SEQ"),
  SOURCE_SCHEMA("AR_M_SOURCE_SCHEMA"),
  SOURCE_TABLE_NAME("AR_M_SOURCE_TABLE_NAME"),
  /** Only where the expression is about a column. */
  SOURCE_COLUMN_NAME("AR_M_SOURCE_COLUMN_NAME"),
  /** Only where the expression is about a column. */
  SOURCE_COLUMN_DATATYPE("AR_M_SOURCE_COLUMN_DATATYPE");

  private static final Map<String, Header> BY_NAME = new TreeMap<>();

  static {
    for (Header header : values()) {
      BY_NAME.put(header.name, header);
    }
  }

  private final String name;

  Header(String name) {
    this.name = name;
  }

  /** The header that is written {@code $NAME}, or null. */
  static @Nullable Header byName(String name) {
    return BY_NAME.get(name);
  }

  /** As it is written in an expression. */
  @Override
  public String toString() {
    return "$" + name;
  }

  /** Whether its value is the same for every row of a table. */
  public boolean isOfTable() {
    return switch (this) {
      case SOURCE_SCHEMA, SOURCE_TABLE_NAME, SOURCE_COLUMN_NAME, SOURCE_COLUMN_DATATYPE -> true;
      case STREAM_POSITION, TIMESTAMP, COMMIT_TIMESTAMP, OPERATION, CHANGE_SEQ -> false;
    };
  }

  /** Whether it speaks of a column. */
  public boolean isOfColumn() {
    return this == SOURCE_COLUMN_NAME || this == SOURCE_COLUMN_DATATYPE;
  }
}
