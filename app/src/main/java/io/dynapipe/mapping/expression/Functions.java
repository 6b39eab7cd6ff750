package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Function.Kind;
import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The functions that expressions can call, those of the guide and a few more of SQLite. */
final class Functions {

  private static final int MANY = 100;
  private static final Map<String, Function> BY_NAME = new TreeMap<>();

  static {
    add("coalesce", 2, MANY, (arguments, scope) -> firstNotNull(arguments));
    add("ifnull", 2, 2, (arguments, scope) -> firstNotNull(arguments));
    add("nullif", 2, 2, (arguments, scope) -> nullIf(arguments.get(0), arguments.get(1)));
    add("iif", 3, 3, (arguments, scope) -> arguments.get(isTrue(arguments) ? 1 : 2));
    add("max", 2, MANY, (arguments, scope) -> extreme(arguments, 1));
    add("min", 2, MANY, (arguments, scope) -> extreme(arguments, -1));
    add("operation_indicator", 3, 3, (arguments, scope) -> indicator(arguments, scope));
    add("typeof", 1, 1, (arguments, scope) -> typeOf(arguments.get(0)));
    TextFunctions.all().forEach(Functions::add);
    NumberFunctions.all().forEach(Functions::add);
    TimeFunctions.all().forEach(Functions::add);
  }

  private Functions() {}

  /**
   * A function for a call.
   *
   * @throws IllegalArgumentException when there is none, or not with so many arguments
   */
  static Function find(String name, int arguments) {
    Function function = BY_NAME.get(name);
    if (function == null) {
      throw new IllegalArgumentException(
          "function "
              + name
              + " is not supported; there are "
              + String.join(", ", BY_NAME.keySet()));
    }
    if (arguments < function.least() || arguments > function.most()) {
      String range =
          function.least() == function.most()
              ? String.valueOf(function.least())
              : function.least()
                  + (function.most() == MANY ? " or more" : " to " + function.most());
      throw new IllegalArgumentException(
          "function " + name + " takes " + range + " arguments, not " + arguments);
    }
    return function;
  }

  private static void add(String name, int least, int most, Function.Body body) {
    add(new Function(name, least, most, Kind.PURE, body));
  }

  private static void add(Function function) {
    BY_NAME.put(function.name(), function);
  }

  private static Value firstNotNull(List<Value> arguments) {
    for (Value argument : arguments) {
      if (!argument.isNull()) {
        return argument;
      }
    }
    return Special.NULL;
  }

  private static Value nullIf(Value first, Value second) {
    boolean same = !first.isNull() && !second.isNull() && Operators.compare(first, second) == 0;
    return same ? Special.NULL : first;
  }

  private static boolean isTrue(List<Value> arguments) {
    return Operators.isTrue(arguments.get(0));
  }

  private static Value extreme(List<Value> arguments, int sign) {
    Value extreme = arguments.get(0);
    for (Value argument : arguments) {
      if (argument.isNull()) {
        return argument;
      }
      if (!extreme.isNull() && Operators.compare(argument, extreme) * sign > 0) {
        extreme = argument;
      }
    }
    return extreme;
  }

  /** For delete, update, insert, in this order; a loaded row counts as inserted. */
  private static Value indicator(List<Value> arguments, Scope scope) {
    return switch (scope.operation()) {
      case DELETE -> arguments.get(0);
      case UPDATE -> arguments.get(1);
      case INSERT, LOAD -> arguments.get(2);
    };
  }

  private static Value typeOf(Value value) {
    if (value.isNull()) {
      return new Text("null");
    }
    if (value instanceof Exact exact) {
      return new Text(exact.isInteger() ? "integer" : "real");
    }
    if (value instanceof Value.Real) {
      return new Text("real");
    }
    return new Text(value instanceof Value.Blob ? "blob" : "text");
  }
}
