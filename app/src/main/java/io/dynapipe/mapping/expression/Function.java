package io.dynapipe.mapping.expression;

import io.dynapipe.event.RowOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that expressions can call.
 *
 * @param least how many arguments it takes at least
 * @param most how many at most
 */
record Function(String name, int least, int most, Kind kind, Body body) {

  private static final Value SAMPLE = new Value.Text("2000-01-01 00:00:00");

  private static final Scope SAMPLE_SCOPE =
      new Scope() {
        @Override
        public Value column(int index) {
          return Value.Special.NULL;
        }

        @Override
        public Value header(Header header) {
          return Value.Special.NULL;
        }

        @Override
        public RowOperation operation() {
          return RowOperation.LOAD;
        }

        @Override
        public long nowMicros() {
          return 0;
        }
      };

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

  /**
   * Calls a time function with a sample time, so that a format or modifier that is not supported is
   * told when the expression is read, not when the first row comes.
   *
   * @param arguments null for those that are not literals
   * @throws IllegalArgumentException when one is not supported
   */
  void tryOut(List<@Nullable Value> arguments) {
    if (kind != Kind.TIME) {
      return;
    }
    Value[] values = new Value[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      Value literal = arguments.get(i);
      values[i] = literal == null ? SAMPLE : literal;
    }
    boolean time = name.equals("strftime") ? values.length > 1 : values.length > 0;
    int first = name.equals("strftime") ? 1 : 0;
    for (int i = first + 1; i < values.length; i++) {
      if (arguments.get(i) == null) {
        return; // a modifier that is not known yet
      }
    }
    if (time) {
      values[first] = SAMPLE;
    }
    body.apply(List.of(values), SAMPLE_SCOPE);
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
