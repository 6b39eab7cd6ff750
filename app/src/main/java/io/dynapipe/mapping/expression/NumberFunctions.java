package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Function.Kind;
import io.dynapipe.mapping.expression.Value.Blob;
import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Functions of numbers, and those that make bytes. */
final class NumberFunctions {

  private static final int MAX_ROUNDING = 30;
  private static final int MAX_BLOB = 1 << 20;

  private NumberFunctions() {}

  static List<Function> all() {
    return List.of(
        TextFunctions.strict("abs", 1, 1, a -> absolute(a.get(0))),
        TextFunctions.strict("round", 1, 2, NumberFunctions::rounded),
        TextFunctions.strict("zeroblob", 1, 1, a -> Blob.of(new byte[blobSize(a.get(0), 0)])),
        random("random", 0, (a, scope) -> Exact.of(ThreadLocalRandom.current().nextLong())),
        random("randomblob", 1, (a, scope) -> randomBlob(a.get(0))));
  }

  private static Function random(String name, int arguments, Function.Body body) {
    return new Function(name, arguments, arguments, Kind.RANDOM, body);
  }

  /** A text's is always a decimal: {@code 3.0}. */
  private static Value absolute(Value value) {
    Value number = Numbers.of(value);
    if (number instanceof Exact exact) {
      BigDecimal absolute = exact.number().abs();
      boolean text = value instanceof Text || value instanceof Blob;
      return Exact.of(text && absolute.scale() < 1 ? absolute.setScale(1) : absolute);
    }
    return Real.of(Math.abs(Numbers.toDouble(number)));
  }

  /** Half away from zero; a decimal stays a decimal, {@code 3.0} with no digits asked for. */
  private static Value rounded(List<Value> arguments) {
    Value number = Numbers.of(arguments.get(0));
    int digits = arguments.size() > 1 ? Numbers.toInt(arguments.get(1)) : 0;
    digits = Math.max(0, Math.min(digits, MAX_ROUNDING));
    if (number instanceof Exact exact) {
      BigDecimal rounded = exact.number().setScale(digits, RoundingMode.HALF_UP);
      return Exact.of(digits == 0 ? rounded.setScale(1) : rounded);
    }
    double real = Numbers.toDouble(number);
    return Double.isFinite(real)
        ? Real.of(new BigDecimal(real).setScale(digits, RoundingMode.HALF_UP).doubleValue())
        : number;
  }

  private static Value randomBlob(Value size) {
    if (size.isNull()) {
      return Special.NULL;
    }
    byte[] bytes = new byte[blobSize(size, 1)];
    ThreadLocalRandom.current().nextBytes(bytes);
    return Blob.of(bytes);
  }

  private static int blobSize(Value size, int least) {
    return Math.max(least, Math.min(Numbers.toInt(size), MAX_BLOB));
  }
}
