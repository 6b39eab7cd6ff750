package io.dynapipe.mapping.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with column values in it: {@code ${lastname}, ${firstname}}.
 *
 * @param pieces the text before, between and after the columns: one more than columns
 */
public record Template(List<String> pieces, List<String> columns) {

  public Template {
    pieces = List.copyOf(pieces);
    columns = List.copyOf(columns);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException when a column is not closed or has no name
   */
  static Template parse(String text) {
    List<String> pieces = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    int start = 0;
    for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", start)) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("'" + text + "' has a ${ that is not closed");
      }
      if (close == open + 2) {
        throw new IllegalArgumentException("'" + text + "' has a ${} without a column");
      }
      pieces.add(text.substring(start, open));
      columns.add(text.substring(open + 2, close));
      start = close + 1;
    }
    pieces.add(text.substring(start));
    return new Template(pieces, columns);
  }

  /** Whether it is one column and nothing else: then the value keeps its kind. */
  public boolean isColumn() {
    return columns.size() == 1 && pieces.get(0).isEmpty() && pieces.get(1).isEmpty();
  }
}
