package io.dynapipe.mapping.expression;

import java.util.List;
import java.util.Set;

/**
 * A parsed expression. Immutable, thread-safe.
 *
 * <p>A value that the event does not tell makes the whole result one that is not told: see {@link
 * Value.Special}.
 */
public final class Expression {

  private final Node root;
  private final List<String> columns;
  private final Set<Header> headers;
  private final boolean indicatesOperation;
  private final boolean deterministic;

  Expression(
      Node root,
      List<String> columns,
      Set<Header> headers,
      boolean indicatesOperation,
      boolean deterministic) {
    this.root = root;
    this.columns = List.copyOf(columns);
    this.headers = Set.copyOf(headers);
    this.indicatesOperation = indicatesOperation;
    this.deterministic = deterministic;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException that names what is wrong or not supported, and where
   */
  public static Expression parse(String text) {
    return new Parser(text).parse();
  }

  /** The columns it names, each once; {@link Scope#column} gets their indexes. */
  public List<String> columns() {
    return columns;
  }

  public Set<Header> headers() {
    return headers;
  }

  /** Whether it calls operation_indicator, which turns deletes into marks. */
  public boolean indicatesOperation() {
    return indicatesOperation;
  }

  /** Whether the row alone decides the result: no headers of the change, no time, no random. */
  public boolean isOfRowOnly() {
    return deterministic && !indicatesOperation && headers.stream().allMatch(Header::isOfTable);
  }

  public Value evaluate(Scope scope) {
    return root.evaluate(scope);
  }
}
