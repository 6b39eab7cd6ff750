package io.dynapipe.mapping.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts an expression's text into tokens. */
final class Lexer {

  /** Longer ones first. */
  private static final List<String> SYMBOLS =
      List.of(
          "||", "==", "<>", "!=", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")",
          ",");

  private final String text;
  private int position;

  private Lexer(String text) {
    this.text = text;
  }

  /**
   * The tokens, the last one of kind END.
   *
   * @throws IllegalArgumentException at a character that begins none
   */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    List<Token> tokens = new ArrayList<>();
    do {
      tokens.add(lexer.next());
    } while (tokens.get(tokens.size() - 1).kind() != Token.Kind.END);
    return tokens;
  }

  private Token next() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    int start = position;
    if (position == text.length()) {
      return new Token(Token.Kind.END, "", start + 1);
    }
    char c = text.charAt(position);
    if (c == '$') {
      position++;
      return new Token(Token.Kind.COLUMN, name(), start + 1);
    }
    if (c == '\'' || c == '"' || c == '‘' || c == '’') {
      return new Token(Token.Kind.STRING, string(c), start + 1);
    }
    if (isDigit(position) || (c == '.' && isDigit(position + 1))) {
      return new Token(Token.Kind.NUMBER, number(), start + 1);
    }
    if (Character.isLetter(c) || c == '_') {
      return new Token(Token.Kind.WORD, name().toUpperCase(Locale.ROOT), start + 1);
    }
    return symbol();
  }

  private String name() {
    int start = position;
    while (position < text.length()
        && (Character.isLetterOrDigit(text.codePointAt(position))
            || text.charAt(position) == '_')) {
      position += Character.charCount(text.codePointAt(position));
    }
    if (start == position) {
      throw at(start, "a column's name is missing after $");
    }
    return text.substring(start, position);
  }

  /**
   * A string's content, with doubled quotes inside made one. Typographic quotes are taken, too,
   * since the guide's examples have them.
   */
  private String string(char open) {
    char close = open == '‘' ? '’' : open;
    StringBuilder content = new StringBuilder();
    int start = position;
    for (position++; position < text.length(); position++) {
      char c = text.charAt(position);
      if (c == close) {
        position++;
        if (position == text.length() || text.charAt(position) != close) {
          return content.toString();
        }
      }
      content.append(c);
    }
    throw at(start, "a text is not closed");
  }

  private String number() {
    int start = position;
    digits();
    if (position < text.length() && text.charAt(position) == '.') {
      position++;
      digits();
    }
    int mantissaEnd = position;
    if (position < text.length()
        && (text.charAt(position) == 'e' || text.charAt(position) == 'E')) {
      position++;
      if (position < text.length() && "+-".indexOf(text.charAt(position)) >= 0) {
        position++;
      }
      if (isDigit(position)) {
        digits();
      } else {
        position = mantissaEnd;
      }
    }
    return text.substring(start, position);
  }

  private void digits() {
    while (isDigit(position)) {
      position++;
    }
  }

  private boolean isDigit(int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  private Token symbol() {
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, position)) {
        Token token = new Token(Token.Kind.SYMBOL, symbol, position + 1);
        position += symbol.length();
        return token;
      }
    }
    throw at(position, "'" + text.charAt(position) + "' is not supported");
  }

  private static IllegalArgumentException at(int index, String problem) {
    return new IllegalArgumentException(problem + " (at character " + (index + 1) + ")");
  }
}
