package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 64MiB}, {@code 10GB}, {@code 4096}. */
public final class ByteSizes {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,19}) ?([kmgt]?i?b?)");
  private static final String PREFIXES = "kmgt";

  private ByteSizes() {}

  /**
   * Reads a number of bytes: KiB, MiB, GiB, TiB are powers of 1024, KB, MB, GB, TB powers of 1000,
   * a bare number is bytes.
   *
   * @throws PipelineException (input) when the text is no such size, or above 8 EiB
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches() || matcher.group(2).equals("ib") || matcher.group(2).equals("i")) {
      throw notASize(text);
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(matcher.group(2), text));
    } catch (ArithmeticException | NumberFormatException e) {
      throw PipelineException.input("'" + text + "' is too many bytes", "Give a smaller size.");
    }
  }

  private static long unit(String unit, String text) {
    int power = unit.isEmpty() ? 0 : PREFIXES.indexOf(unit.charAt(0)) + 1;
    if (power > 0 && !unit.endsWith("b")) {
      // "64M" means 64,000,000 to some and 67,108,864 to others.
      throw notASize(text);
    }
    long base = unit.indexOf('i') > 0 ? 1024 : 1000;
    long bytes = 1;
    for (int i = 0; i < power; i++) {
      bytes *= base;
    }
    return bytes;
  }

  private static PipelineException notASize(String text) {
    return PipelineException.input(
        "'" + text + "' is not a size in bytes",
        "Give a number with a unit (B, KiB, MiB, GiB, TiB, KB, MB, GB, TB), as in 64MiB.");
  }

  /** The shortest text that {@link #parse} reads back exactly. */
  public static String format(long bytes) {
    int power = 0;
    long rest = bytes;
    while (rest != 0 && rest % 1024 == 0 && power < PREFIXES.length()) {
      rest /= 1024;
      power++;
    }
    return power == 0
        ? bytes + "B"
        : rest + String.valueOf(PREFIXES.charAt(power - 1)).toUpperCase(Locale.ROOT) + "iB";
  }
}
