package io.dynapipe.cli;

import io.dynapipe.error.PipelineException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads enum values as they are written on the command line: lower case, with hyphens. */
final class Words {

  private Words() {}

  /**
   * The value of this word.
   *
   * @throws PipelineException (input) that lists the possible words
   */
  static <E extends Enum<E>> E choice(String option, String word, E[] values) {
    for (E value : values) {
      if (word(value).equals(word.toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return value;
      }
    }
    throw PipelineException.input(
        option + ": '" + word + "' is not known",
        "Use one of "
            + Arrays.stream(values).map(Words::word).collect(Collectors.joining(", "))
            + ".");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
