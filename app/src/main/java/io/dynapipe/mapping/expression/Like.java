package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Special;
import org.jspecify.annotations.Nullable;

/** LIKE: {@code %} and {@code _}; letters of ASCII match in either case. */
final class Like {

  private static final int NO_ESCAPE = -1;

  private Like() {}

  static Node of(Node subject, Node pattern, @Nullable Node escape) {
    Node escaped = escape == null ? scope -> Operators.FALSE : escape;
    return scope -> {
      Value text = subject.evaluate(scope);
      Value like = pattern.evaluate(scope);
      Value sign = escaped.evaluate(scope);
      for (Value value : new Value[] {text, like, sign}) {
        if (value instanceof Special) {
          return value;
        }
      }
      int escapeSign = escape == null ? NO_ESCAPE : Texts.of(sign).codePointAt(0);
      return Operators.of(matches(Texts.of(text), Texts.of(like), escapeSign));
    };
  }

  private static boolean matches(String text, String like, int escape) {
    int[] t = text.codePoints().map(Like::folded).toArray();
    int[] p = like.codePoints().map(Like::folded).toArray();
    int i = 0;
    int j = 0;
    int star = -1;
    int mark = 0;
    while (i < t.length) {
      boolean escaped = j + 1 < p.length && p[j] == folded(escape);
      int at = escaped ? j + 1 : j;
      if (!escaped && j < p.length && p[j] == '%') {
        star = j++;
        mark = i;
      } else if (at < p.length && (p[at] == t[i] || (!escaped && p[at] == '_'))) {
        i++;
        j = at + 1;
      } else if (star >= 0) {
        j = star + 1;
        i = ++mark;
      } else {
        return false;
      }
    }
    while (j < p.length && p[j] == '%') {
      j++;
    }
    return j == p.length;
  }

  private static int folded(int point) {
    return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
  }
}
