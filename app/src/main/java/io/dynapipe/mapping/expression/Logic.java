package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Special;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** Puts parts together. What is missing in a part that is needed is missing in the whole. */
final class Logic {

  private Logic() {}

  static Node unary(Node operand, UnaryOperator<Value> operator) {
    return scope -> {
      Value value = operand.evaluate(scope);
      return value.isMissing() ? value : operator.apply(value);
    };
  }

  static Node binary(Node left, Node right, BinaryOperator<Value> operator) {
    return scope -> {
      Value a = left.evaluate(scope);
      if (a.isMissing()) {
        return a;
      }
      Value b = right.evaluate(scope);
      return b.isMissing() ? b : operator.apply(a, b);
    };
  }

  /** NULL when one side is. */
  static Node compared(Node left, Node right, IntPredicate wanted) {
    return binary(
        left,
        right,
        (a, b) ->
            a.isNull() || b.isNull()
                ? Special.NULL
                : Operators.of(wanted.test(Operators.compare(a, b))));
  }

  /** IS: NULL is the same as NULL. */
  static Node same(Node left, Node right) {
    return binary(
        left,
        right,
        (a, b) ->
            Operators.of(
                (a.isNull() || b.isNull())
                    ? (a.isNull() && b.isNull())
                    : (Operators.compare(a, b) == 0)));
  }

  static Node not(Node operand) {
    return unary(operand, value -> value.isNull() ? value : Operators.of(!Operators.isTrue(value)));
  }

  static Node and(Node left, Node right) {
    return decided(left, right, false);
  }

  static Node or(Node left, Node right) {
    return decided(left, right, true);
  }

  /** A side that decides alone makes the other one needless, be that NULL or missing. */
  private static Node decided(Node left, Node right, boolean decisive) {
    return scope -> {
      Value a = left.evaluate(scope);
      if (decides(a, decisive)) {
        return Operators.of(decisive);
      }
      Value b = right.evaluate(scope);
      if (decides(b, decisive)) {
        return Operators.of(decisive);
      }
      if (a.isMissing() || b.isMissing()) {
        return a.isMissing() ? a : b;
      }
      return a.isNull() || b.isNull() ? Special.NULL : Operators.of(!decisive);
    };
  }

  private static boolean decides(Value value, boolean decisive) {
    return !(value instanceof Special) && Operators.isTrue(value) == decisive;
  }

  /** CASE: the first condition that is true. */
  static Node choice(List<Node> conditions, List<Node> results, Node otherwise) {
    return scope -> {
      for (int i = 0; i < conditions.size(); i++) {
        Value condition = conditions.get(i).evaluate(scope);
        if (condition.isMissing()) {
          return condition;
        }
        if (Operators.isTrue(condition)) {
          return results.get(i).evaluate(scope);
        }
      }
      return otherwise.evaluate(scope);
    };
  }
}
