package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Function.Kind;
import io.dynapipe.mapping.expression.Value.Blob;
import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** Functions of texts. Positions count characters (code points), from 1. */
final class TextFunctions {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private TextFunctions() {}

  static List<Function> all() {
    return List.of(
        text("lower", x -> folded(x, 'A', 'Z', 'a' - 'A')),
        text("upper", x -> folded(x, 'a', 'z', 'A' - 'a')),
        strict("trim", 1, 2, a -> trimmed(a, true, true)),
        strict("ltrim", 1, 2, a -> trimmed(a, true, false)),
        strict("rtrim", 1, 2, a -> trimmed(a, false, true)),
        strict("replace", 3, 3, TextFunctions::replaced),
        strict("replacechars", 3, 3, TextFunctions::replacedChars),
        strict("substr", 2, 3, TextFunctions::part),
        strict("substring", 2, 3, TextFunctions::part),
        strict("length", 1, 1, a -> Exact.of(length(a.get(0)))),
        strict("instr", 2, 2, a -> Exact.of(found(Texts.of(a.get(0)), Texts.of(a.get(1))))),
        strict("hex", 1, 1, a -> new Text(HEX.formatHex(Texts.utf8(a.get(0))))),
        strict("hash_sha256", 1, 1, a -> new Text(Sha256.of(Texts.utf8(a.get(0))))));
  }

  /** NULL when an argument is. */
  static Function strict(
      String name, int least, int most, java.util.function.Function<List<Value>, Value> body) {
    return new Function(
        name,
        least,
        most,
        Kind.PURE,
        (arguments, scope) ->
            arguments.contains(Special.NULL) ? Special.NULL : body.apply(arguments));
  }

  private static Function text(String name, UnaryOperator<String> body) {
    return strict(name, 1, 1, a -> new Text(body.apply(Texts.of(a.get(0)))));
  }

  /** ASCII only, as SQLite's built-in functions. */
  private static String folded(String text, char from, char to, int shift) {
    StringBuilder folded = new StringBuilder(text);
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (c >= from && c <= to) {
        folded.setCharAt(i, (char) (c + shift));
      }
    }
    return folded.toString();
  }

  private static Value trimmed(List<Value> arguments, boolean left, boolean right) {
    int[] points = Texts.of(arguments.get(0)).codePoints().toArray();
    String characters = arguments.size() > 1 ? Texts.of(arguments.get(1)) : " ";
    IntPredicate unwanted = point -> characters.indexOf(point) >= 0;
    int start = 0;
    int end = points.length;
    while (left && start < end && unwanted.test(points[start])) {
      start++;
    }
    while (right && end > start && unwanted.test(points[end - 1])) {
      end--;
    }
    return new Text(new String(points, start, end - start));
  }

  private static Value replaced(List<Value> arguments) {
    String what = Texts.of(arguments.get(1));
    String text = Texts.of(arguments.get(0));
    return new Text(what.isEmpty() ? text : text.replace(what, Texts.of(arguments.get(2))));
  }

  /**
   * Each character of Y by the one of Z in the same place, or by Z's first where Z is shorter. With
   * an empty Z the characters go.
   */
  private static Value replacedChars(List<Value> arguments) {
    int[] from = Texts.of(arguments.get(1)).codePoints().toArray();
    int[] to = Texts.of(arguments.get(2)).codePoints().toArray();
    StringBuilder text = new StringBuilder();
    Texts.of(arguments.get(0))
        .codePoints()
        .forEach(
            point -> {
              int place = Arrays.stream(from).boxed().toList().indexOf(point);
              if (place < 0) {
                text.appendCodePoint(point);
              } else if (to.length > 0) {
                text.appendCodePoint(to[place < to.length ? place : 0]);
              }
            });
    return new Text(text.toString());
  }

  /** SQLite's substr: a negative start counts from the end, a negative length goes backwards. */
  private static Value part(List<Value> arguments) {
    int[] points = Texts.of(arguments.get(0)).codePoints().toArray();
    long start = Numbers.toInt(arguments.get(1));
    long length = arguments.size() > 2 ? Numbers.toInt(arguments.get(2)) : Integer.MAX_VALUE;
    if (start < 0) {
      start += points.length;
      if (start < 0) {
        length = length < 0 ? 0 : Math.max(0, length + start);
        start = 0;
      }
    } else if (start > 0) {
      start--;
    } else if (length > 0) {
      length--;
    }
    if (length < 0) {
      length = -length;
      start -= length;
      if (start < 0) {
        length = Math.max(0, length + start);
        start = 0;
      }
    }
    int from = (int) Math.min(start, points.length);
    int to = (int) Math.min(start + length, points.length);
    return new Text(new String(points, from, Math.max(0, to - from)));
  }

  private static long length(Value value) {
    if (value instanceof Blob blob) {
      return blob.bytes().length;
    }
    String text = Texts.of(value);
    return text.codePointCount(0, text.length());
  }

  private static long found(String text, String part) {
    int index = text.indexOf(part);
    return index < 0 ? 0 : text.codePointCount(0, index) + 1L;
  }
}
