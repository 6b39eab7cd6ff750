package io.dynapipe.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param names benchmarks or the first parts of their names; empty for all
 * @param source a server to use instead of an embedded one; its role may create databases
 * @param sink target of {@code apply}; null for an embedded PostgreSQL
 * @param rows of the full load
 * @param events of each other benchmark
 */
record Options(
    List<String> names,
    boolean json,
    @Nullable String source,
    @Nullable String sink,
    int rows,
    int events,
    int rounds) {

  static final String USAGE =
      """
      usage: bench/run [NAME...] [--json] [--source URL] [--sink URL]
                       [--rows N] [--events N] [--rounds N]
      Without NAME, all run; a NAME may be the beginning of several ("cdc").
      """;

  static Options parse(String[] arguments) {
    List<String> names = new ArrayList<>();
    boolean json = false;
    String source = null;
    String sink = null;
    int rows = 1_000_000;
    int events = 200_000;
    int rounds = 3;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      switch (argument) {
        case "--json" -> json = true;
        case "--source" -> source = value(arguments, ++i);
        case "--sink" -> sink = value(arguments, ++i);
        case "--rows" -> rows = Integer.parseInt(value(arguments, ++i));
        case "--events" -> events = Integer.parseInt(value(arguments, ++i));
        case "--rounds" -> rounds = Integer.parseInt(value(arguments, ++i));
        default -> {
          if (argument.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + argument);
          }
          names.add(argument);
        }
      }
    }
    return new Options(List.copyOf(names), json, source, sink, rows, events, rounds);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }

  boolean wants(String name) {
    return names.isEmpty() || names.stream().anyMatch(name::startsWith);
  }
}
