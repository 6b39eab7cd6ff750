package io.dynapipe.lambda;

import io.dynapipe.config.ColumnTypes;
import io.dynapipe.config.Durations;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the function's environment says.
 *
 * @param layout of tables that the sink makes
 * @param jsonColumns {@code schema.table.column} of texts that are JSON
 * @param retryLimit how long passing trouble of the sink is waited for within an invocation
 * @param definitionLimit how long rows wait for their table's definition from another shard
 * @param batchItemFailures whether a failure is told in the answer; else the invocation fails
 */
record HandlerSettings(
    SinkAddress sink,
    Layout layout,
    Set<String> jsonColumns,
    Duration retryLimit,
    Duration definitionLimit,
    boolean batchItemFailures) {

  static final String USE_BATCH_PROCESSING = "USE_BATCH_PROCESSING";
  static final String MESSAGE_FORMAT = "MESSAGE_FORMAT";
  static final String ON_ERROR = "ON_ERROR";
  static final String LAYOUT = "DYNAPIPE_LAYOUT";
  static final String RETRY_LIMIT = "DYNAPIPE_RETRY_LIMIT";
  static final String DEFINITION_LIMIT = "DYNAPIPE_DEFINITION_LIMIT";

  private static final Duration DEFAULT_RETRY_LIMIT = Duration.ofSeconds(5);
  private static final Duration DEFAULT_DEFINITION_LIMIT = Duration.ofMinutes(1);
  private static final Set<String> ERROR_STRATEGIES = Set.of("exit", "ignore", "raise");
  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y", "t", "1");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "n", "f", "0");

  HandlerSettings {
    jsonColumns = Set.copyOf(jsonColumns);
  }

  /**
   * Reads the environment: the reference processor's variables, and our own.
   *
   * @throws PipelineException (input) listing all problems
   */
  static HandlerSettings of(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    SinkAddress sink = reader.attempt(() -> new SinkAddress(environment));
    Layout layout = reader.take(LAYOUT, Layout::parse, Layout.DOCUMENT);
    Set<String> jsonColumns =
        reader.attempt(() -> ColumnTypes.parse(environment.get(ColumnTypes.COLUMN_TYPES)));
    Duration retryLimit = reader.take(RETRY_LIMIT, Durations::parse, DEFAULT_RETRY_LIMIT);
    Duration definitionLimit =
        reader.take(DEFINITION_LIMIT, Durations::parse, DEFAULT_DEFINITION_LIMIT);
    boolean batchItemFailures = reader.take(USE_BATCH_PROCESSING, HandlerSettings::flag, false);
    reader.take(MESSAGE_FORMAT, HandlerSettings::messageFormat, "dms");
    reader.take(ON_ERROR, HandlerSettings::errorStrategy, "exit");
    if (sink == null || jsonColumns == null) {
      throw reader.failure();
    }
    reader.throwIfAny();
    return new HandlerSettings(
        sink, layout, jsonColumns, retryLimit, definitionLimit, batchItemFailures);
  }

  private static boolean flag(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!TRUE.contains(word) && !FALSE.contains(word)) {
      throw PipelineException.input("'" + text + "' is neither true nor false", "Give true.");
    }
    return TRUE.contains(word);
  }

  private static String messageFormat(String text) {
    if (!text.equalsIgnoreCase("dms")) {
      throw PipelineException.input("'" + text + "' is not a format that is read", "Give dms.");
    }
    return text;
  }

  private static String errorStrategy(String text) {
    if (!ERROR_STRATEGIES.contains(text)) {
      throw PipelineException.input("'" + text + "' is not known", "Give exit, ignore or raise.");
    }
    return text;
  }

  /** Takes variables and gathers what is wrong with them. One thread, used once. */
  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    <T> T take(String name, Function<String, T> parser, T otherwise) {
      String text = environment.get(name);
      if (text == null || text.isBlank()) {
        return otherwise;
      }
      try {
        return parser.apply(text.strip());
      } catch (PipelineException e) {
        problems.add(name + ": " + e.getMessage() + ". " + e.cure());
        return otherwise;
      }
    }

    /** What the attempt gives; null when it told a problem. */
    <T> @Nullable T attempt(java.util.function.Supplier<T> attempt) {
      try {
        return attempt.get();
      } catch (PipelineException e) {
        problems.add(e.getMessage() + ". " + e.cure());
        return null;
      }
    }

    PipelineException failure() {
      return PipelineException.input(
          "the function's environment variables: " + String.join(" | ", problems),
          "Correct them in the function's configuration.");
    }

    void throwIfAny() {
      if (!problems.isEmpty()) {
        throw failure();
      }
    }
  }
}
