package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table in CrateDB, as the sink writes it: where keys, values and misfits go. Immutable.
 *
 * @param name the table's name in CrateDB
 * @param key the columns that address a row, in the order of the primary key; empty for {@link
 *     KeyStyle#NONE} and {@link KeyStyle#EVENT}
 * @param objectData whether values are members of the object {@code data}, or columns of their own
 * @param keyInData whether {@code data} holds the key's columns, too
 * @param aux where values go that fit nowhere else
 * @param columns the type of each source column that the table has a place for
 * @param size columns and sub-columns, which CrateDB limits
 */
record TargetTable(
    TableName name,
    KeyStyle keyStyle,
    List<KeyColumn> key,
    boolean objectData,
    boolean keyInData,
    AuxPlace aux,
    Map<String, CrateType> columns,
    int size) {

  /** How rows are addressed. */
  enum KeyStyle {
    /** By members of the object {@code pk}. */
    PK_OBJECT,
    /** By columns. */
    COLUMNS,
    /** By columns that CrateDB generates from {@code data}. */
    GENERATED,
    /** By the id of the event that brought the row: the source table has no key. */
    EVENT,
    /** Not at all: rows are searched, behind a refresh. */
    NONE
  }

  /** The place of verbatim texts of values that do not fit their column, by column name. */
  enum AuxPlace {
    /** The object column {@code aux}. */
    COLUMN,
    /** The object {@code data['_aux']}, in a table that has no such column. */
    MEMBER,
    /** None yet; {@code data['_aux']} can be added. */
    ADDABLE,
    NONE
  }

  /** The member of {@code data} that stands in for a column {@code aux}. */
  static final String AUX_MEMBER = "_aux";

  /**
   * A part of the key.
   *
   * @param source the column's name at the source
   * @param reference how statements name it: {@code pk['id']} or {@code "id"}
   * @param member its name in {@code pk}
   */
  record KeyColumn(String source, String reference, String member, CrateType type) {}

  TargetTable {
    key = List.copyOf(key);
    // In a fixed order, so that statements have one text in every process.
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /** The type of a source column's values, or null when they go to {@code aux}. */
  @Nullable CrateType type(String column) {
    return columns.get(column);
  }

  /** Whether a primary key of CrateDB addresses the rows. */
  boolean isKeyed() {
    return keyStyle != KeyStyle.NONE && keyStyle != KeyStyle.EVENT;
  }

  /** Whether a parameter of the insert holds {@code pk}. */
  boolean hasPkObject() {
    return keyStyle == KeyStyle.PK_OBJECT || keyStyle == KeyStyle.EVENT;
  }

  boolean isKey(String column) {
    return key.stream().anyMatch(part -> part.source().equals(column));
  }

  /** How statements name the place of a source column's values. */
  String reference(String column) {
    return objectData ? SqlText.member("data", column) : columnName(column);
  }

  /** The column's name in statements, where each source column has one. */
  String columnName(String column) {
    for (KeyColumn part : key) {
      if (part.source().equals(column) && keyStyle == KeyStyle.COLUMNS) {
        return part.reference();
      }
    }
    return SqlText.identifier(column);
  }

  /** Whether misfits have a place. */
  boolean hasAux() {
    return aux == AuxPlace.COLUMN || aux == AuxPlace.MEMBER;
  }

  String sql() {
    return SqlText.table(name);
  }
}
