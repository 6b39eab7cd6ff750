package io.dynapipe.mapping.expression;

import java.util.List;

/**
 * A function that expressions can call.
 *
 * @param least how many arguments it takes at least
 * @param most how many at most
 */
record Function(String name, int least, int most, Kind kind, Body body) {

  /** What decides the result. */
  enum Kind {
    /** The arguments. */
    PURE,
    /** The arguments, or the present time when there are none or they say so. */
    TIME,
    /** Chance. */
    RANDOM
  }

  /** What it does; arguments are never missing. */
  @FunctionalInterface
  interface Body {

    Value apply(List<Value> arguments, Scope scope);
  }

  boolean isDeterministic(int arguments) {
    // a time function may be given 'now' by a column's value: it counts as one that asks the time
    return kind == Kind.PURE && arguments >= least;
  }

  /** A call. */
  Node node(List<Node> arguments) {
    Node[] nodes = arguments.toArray(Node[]::new);
    return scope -> {
      Value[] values = new Value[nodes.length];
      for (int i = 0; i < nodes.length; i++) {
        values[i] = nodes[i].evaluate(scope);
        if (values[i].isMissing()) {
          return values[i];
        }
      }
      return body.apply(List.of(values), scope);
    };
  }
}
