package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression by precedence, from OR (loosest) to the sign (tightest), as SQLite does.
 *
 * @see <a href="https://www.sqlite.org/lang_expr.html">SQL language expressions</a>
 */
final class Parser {

  /** Deeper nesting would only serve to exhaust the stack. */
  private static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private final List<String> columns = new ArrayList<>();

  /** Values of the nodes that are a literal. */
  private final IdentityHashMap<Node, Value> constants = new IdentityHashMap<>();

  private final Set<Header> headers = EnumSet.noneOf(Header.class);
  private boolean indicatesOperation;
  private boolean deterministic = true;
  private int next;
  private int depth;

  Parser(String text) {
    tokens = Lexer.tokens(text);
  }

  Expression parse() {
    Node root = expression();
    if (peek().kind() != Token.Kind.END) {
      throw unexpected();
    }
    return new Expression(root, columns, headers, indicatesOperation, deterministic);
  }

  private Node expression() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("is nested more than " + MAX_DEPTH + " levels deep");
    }
    Node left = conjunction();
    while (word("OR")) {
      left = Logic.or(left, conjunction());
    }
    depth--;
    return left;
  }

  private Node conjunction() {
    Node left = negation();
    while (word("AND")) {
      left = Logic.and(left, negation());
    }
    return left;
  }

  private Node negation() {
    boolean negated = false;
    while (word("NOT")) {
      negated = !negated;
    }
    Node operand = equality();
    return negated ? Logic.not(operand) : operand;
  }

  private Node equality() {
    Node left = comparison();
    while (true) {
      Node longer = equalityOf(left);
      if (longer == null) {
        return left;
      }
      left = longer;
    }
  }

  private @Nullable Node equalityOf(Node left) {
    if (symbol("=") || symbol("==")) {
      return Logic.compared(left, comparison(), order -> order == 0);
    }
    if (symbol("<>") || symbol("!=")) {
      return Logic.compared(left, comparison(), order -> order != 0);
    }
    if (word("IS")) {
      boolean negated = word("NOT");
      Node same = Logic.same(left, comparison());
      return negated ? Logic.not(same) : same;
    }
    if (word("ISNULL")) {
      return Logic.same(left, scope -> Special.NULL);
    }
    if (word("NOTNULL")) {
      return Logic.not(Logic.same(left, scope -> Special.NULL));
    }
    boolean negated = word("NOT");
    if (negated && word("NULL")) {
      return Logic.not(Logic.same(left, scope -> Special.NULL));
    }
    Node test = testOf(left);
    if (test == null && negated) {
      throw unexpected();
    }
    return test != null && negated ? Logic.not(test) : test;
  }

  private @Nullable Node testOf(Node left) {
    if (word("BETWEEN")) {
      Node low = comparison();
      expectWord("AND");
      return Logic.and(
          Logic.compared(left, low, order -> order >= 0),
          Logic.compared(left, comparison(), order -> order <= 0));
    }
    if (word("LIKE")) {
      Node pattern = comparison();
      return Like.of(left, pattern, word("ESCAPE") ? comparison() : null);
    }
    if (word("IN")) {
      expectSymbol("(");
      Node any = scope -> Operators.FALSE;
      for (Node option : arguments()) {
        any = Logic.or(any, Logic.compared(left, option, order -> order == 0));
      }
      return any;
    }
    return null;
  }

  private Node comparison() {
    Node left = sum();
    while (true) {
      if (symbol("<")) {
        left = Logic.compared(left, sum(), order -> order < 0);
      } else if (symbol("<=")) {
        left = Logic.compared(left, sum(), order -> order <= 0);
      } else if (symbol(">")) {
        left = Logic.compared(left, sum(), order -> order > 0);
      } else if (symbol(">=")) {
        left = Logic.compared(left, sum(), order -> order >= 0);
      } else {
        return left;
      }
    }
  }

  private Node sum() {
    Node left = product();
    while (true) {
      if (symbol("+")) {
        left = Logic.binary(left, product(), Operators::add);
      } else if (symbol("-")) {
        left = Logic.binary(left, product(), Operators::subtract);
      } else {
        return left;
      }
    }
  }

  private Node product() {
    Node left = concatenation();
    while (true) {
      if (symbol("*")) {
        left = Logic.binary(left, concatenation(), Operators::multiply);
      } else if (symbol("/")) {
        left = Logic.binary(left, concatenation(), Operators::divide);
      } else if (symbol("%")) {
        left = Logic.binary(left, concatenation(), Operators::remainder);
      } else {
        return left;
      }
    }
  }

  private Node concatenation() {
    Node left = signed();
    while (symbol("||")) {
      left = Logic.binary(left, signed(), Operators::concat);
    }
    return left;
  }

  private Node signed() {
    boolean negative = false;
    while (true) {
      if (symbol("-")) {
        negative = !negative;
      } else if (!symbol("+")) {
        break;
      }
    }
    Node operand = primary();
    return negative ? Logic.unary(operand, Operators::negate) : operand;
  }

  private Node primary() {
    Token token = tokens.get(next);
    switch (token.kind()) {
      case NUMBER -> {
        next++;
        return constant(Numbers.parse(token.text()));
      }
      case STRING -> {
        next++;
        return constant(new Text(token.text()));
      }
      case COLUMN -> {
        next++;
        return column(token);
      }
      case WORD -> {
        return word(token);
      }
      case SYMBOL, END -> {
        if (!symbol("(")) {
          throw expected("a value");
        }
        Node inner = expression();
        expectSymbol(")");
        return inner;
      }
    }
    throw unexpected();
  }

  private Node constant(Value value) {
    Node node = scope -> value;
    constants.put(node, value);
    return node;
  }

  private Node column(Token token) {
    String name = token.text();
    Header header = Header.byName(name);
    if (header != null) {
      headers.add(header);
      return scope -> scope.header(header);
    }
    if (name.startsWith("AR_H_") || name.startsWith("AR_M_")) {
      throw new IllegalArgumentException("$" + name + " is not available from PostgreSQL");
    }
    if (!columns.contains(name)) {
      columns.add(name);
    }
    int index = columns.indexOf(name);
    return scope -> scope.column(index);
  }

  private Node word(Token token) {
    next++;
    switch (token.text()) {
      case "NULL" -> {
        return scope -> Special.NULL;
      }
      case "NOT" -> {
        return Logic.not(negation());
      }
      case "TRUE" -> {
        return scope -> Operators.TRUE;
      }
      case "FALSE" -> {
        return scope -> Operators.FALSE;
      }
      case "CASE" -> {
        return caseExpression();
      }
      case "CAST" -> {
        return cast();
      }
      case "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP" -> {
        return call(currentTime(token.text()), List.of());
      }
      default -> {
        if (!symbol("(")) {
          throw new IllegalArgumentException(
              "'"
                  + token.text().toLowerCase(Locale.ROOT)
                  + "' is not supported (at character "
                  + token.position()
                  + "); a column is written $name, a text in single quotes");
        }
        return call(token.text().toLowerCase(Locale.ROOT), arguments());
      }
    }
  }

  private static String currentTime(String word) {
    return switch (word) {
      case "CURRENT_DATE" -> "date";
      case "CURRENT_TIME" -> "time";
      default -> "datetime";
    };
  }

  private Node call(String name, List<Node> arguments) {
    Function function = Functions.find(name, arguments.size());
    indicatesOperation |= name.equals("operation_indicator");
    deterministic &= function.isDeterministic(arguments.size());
    function.tryOut(arguments.stream().map(constants::get).toList());
    return function.node(arguments);
  }

  /** What follows an opening bracket, the closing one included. */
  private List<Node> arguments() {
    List<Node> arguments = new ArrayList<>();
    if (symbol(")")) {
      return arguments;
    }
    do {
      arguments.add(expression());
    } while (symbol(","));
    expectSymbol(")");
    return arguments;
  }

  private Node caseExpression() {
    Node subject = peek().is(Token.Kind.WORD, "WHEN") ? null : expression();
    List<Node> conditions = new ArrayList<>();
    List<Node> results = new ArrayList<>();
    while (word("WHEN")) {
      Node when = expression();
      conditions.add(subject == null ? when : Logic.compared(subject, when, order -> order == 0));
      expectWord("THEN");
      results.add(expression());
    }
    if (conditions.isEmpty()) {
      throw unexpected();
    }
    Node otherwise = word("ELSE") ? expression() : scope -> Special.NULL;
    expectWord("END");
    return Logic.choice(conditions, results, otherwise);
  }

  private Node cast() {
    expectSymbol("(");
    Node operand = expression();
    expectWord("AS");
    Token type = peek();
    next++;
    Cast cast = type.kind() == Token.Kind.WORD ? Cast.to(type.text()) : null;
    if (cast == null) {
      throw new IllegalArgumentException(
          "CAST to '" + type.text() + "' is not supported (at character " + type.position() + ")");
    }
    if (symbol("(")) {
      arguments(); // a length or a precision, which SQLite ignores, too
    }
    expectSymbol(")");
    return Logic.unary(operand, cast::apply);
  }

  private Token peek() {
    return tokens.get(Math.min(next, tokens.size() - 1));
  }

  private boolean word(String text) {
    return accept(Token.Kind.WORD, text);
  }

  private boolean symbol(String text) {
    return accept(Token.Kind.SYMBOL, text);
  }

  private boolean accept(Token.Kind kind, String text) {
    boolean accepted = peek().is(kind, text);
    next += accepted ? 1 : 0;
    return accepted;
  }

  private void expectWord(String text) {
    if (!word(text)) {
      throw expected(text);
    }
  }

  private void expectSymbol(String text) {
    if (!symbol(text)) {
      throw expected("'" + text + "'");
    }
  }

  private IllegalArgumentException expected(String what) {
    return new IllegalArgumentException(what + " is expected instead of " + describe(peek()));
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException(describe(peek()) + " is not expected here");
  }

  private static String describe(Token token) {
    return token.kind() == Token.Kind.END
        ? "the end"
        : "'" + token.text() + "' (at character " + token.position() + ")";
  }
}
