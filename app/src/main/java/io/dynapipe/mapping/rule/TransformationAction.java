package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.expression.Expression;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a transformation does. */
public sealed interface TransformationAction {

  /** Gives a schema, a table or a column another name. */
  sealed interface NameChange extends TransformationAction {

    /** The new name; null when this action does not touch the name, so that another rule may. */
    @Nullable String apply(String name);
  }

  /**
   * Another name, whatever the old one was.
   *
   * @param expression what makes the name; null when it is {@code value}
   */
  record Rename(String value, @Nullable Expression expression) implements NameChange {

    @Override
    public String apply(String name) {
      return value;
    }
  }

  /** Lower or upper case. */
  record ChangeCase(boolean upper) implements NameChange {

    @Override
    public String apply(String name) {
      return upper ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Another beginning or end.
   *
   * @param suffix whether it is about the end
   * @param old what must be there and goes; empty to add only
   * @param replacement what comes; empty to remove only
   */
  record ChangeAffix(boolean suffix, String old, String replacement) implements NameChange {

    @Override
    public @Nullable String apply(String name) {
      if (suffix) {
        return name.endsWith(old)
            ? name.substring(0, name.length() - old.length()) + replacement
            : null;
      }
      return name.startsWith(old) ? replacement + name.substring(old.length()) : null;
    }
  }

  /** Leaves a column out. */
  record RemoveColumn() implements TransformationAction {}

  /** Leaves out every column of the table that no such rule names. */
  record IncludeColumn() implements TransformationAction {}

  /**
   * Another key.
   *
   * @param unique whether it is a unique index only, which counts as key where there is none
   */
  record DefinePrimaryKey(String name, boolean unique, List<String> columns)
      implements TransformationAction {

    public DefinePrimaryKey {
      columns = List.copyOf(columns);
    }
  }

  /** Another type for a column. */
  record ChangeType(ColumnType type) implements TransformationAction {}

  /**
   * A further column.
   *
   * @param expression null for a column that is always NULL
   */
  record AddColumn(String name, @Nullable Expression expression, ColumnType type)
      implements TransformationAction {}

  /** A further column for each of some columns, with its value before the change. */
  record AddBeforeImageColumns(String prefix, String suffix, ColumnFilterKind columns)
      implements TransformationAction {}

  /** Which columns have a before image. */
  enum ColumnFilterKind {
    PK_ONLY,
    NON_LOB,
    ALL
  }

  /**
   * Hides a column's value.
   *
   * @param character what stands for a digit; of no meaning for the other kinds
   */
  record Mask(MaskKind kind, char character) implements TransformationAction {}

  /** How a value is hidden. */
  enum MaskKind {
    DIGITS_MASK,
    DIGITS_RANDOMIZE,
    HASH
  }
}
