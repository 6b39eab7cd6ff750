package io.dynapipe.sink;

import io.dynapipe.error.PipelineException;
import java.util.Locale;

/** How a target table holds the rows of a source table. */
public enum Layout {
  /**
   * {@code pk} holds the key's columns, {@code data} the whole row, {@code aux} what data cannot.
   */
  DOCUMENT,
  /** As {@link #DOCUMENT}, but the key's columns are only in {@code pk}; commons-codec's tables. */
  UNIVERSAL,
  /** One column per source column, and {@code aux}. */
  COLUMNS;

  /**
   * Reads the name that options and {@code dynapipe.tables} use, in any case.
   *
   * @throws PipelineException (input) when there is no such layout
   */
  public static Layout parse(String text) {
    for (Layout layout : values()) {
      if (layout.name().equalsIgnoreCase(text.trim())) {
        return layout;
      }
    }
    throw PipelineException.input(
        "'" + text + "' is not a layout", "Give document, universal or columns.");
  }

  /** The name that options and {@code dynapipe.tables} use. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
