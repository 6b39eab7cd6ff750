package io.dynapipe.mapping.expression;

/**
 * A piece of an expression's text.
 *
 * @param text a word in upper case, a column's name, a string's content, a symbol
 * @param position where it begins, from 1
 */
record Token(Kind kind, String text, int position) {

  enum Kind {
    WORD,
    COLUMN,
    STRING,
    NUMBER,
    SYMBOL,
    END
  }

  boolean is(Kind wanted, String wantedText) {
    return kind == wanted && text.equals(wantedText);
  }
}
