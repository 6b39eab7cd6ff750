package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of a URL, taken out one by one, so that what is left over is known. */
public final class Parameters {

  /** All others are hidden: a secret may stand behind any name, also behind a mistyped one. */
  private static final Set<String> SHOWN =
      Set.of(
          "ApplicationName",
          "aggregate",
          "application",
          "buffer",
          "bulk_rows",
          "bulk_size",
          "ca_cert",
          "cert_file",
          "connectTimeout",
          "control_tables",
          "create",
          "currentSchema",
          "ddl",
          "dynamodb_endpoint",
          "endpoint",
          "fan_out",
          "give_up",
          "gzip",
          "in_flight",
          "key_file",
          "max_bytes",
          "max_record_bytes",
          "metrics",
          "pace",
          "partition_by",
          "per_key",
          "replicas",
          "retention",
          "shards",
          "ssl",
          "sslmode",
          "start",
          "targetServerType",
          "timeout",
          "trimmed",
          "verify_ssl_cert");

  private final Map<String, String> remaining;
  private final Problems problems;

  public Parameters(Map<String, String> parameters, Problems problems) {
    this.remaining = new LinkedHashMap<>(parameters);
    this.problems = problems;
  }

  public @Nullable String take(String name) {
    return remaining.remove(name);
  }

  /**
   * Takes a parameter through a parser that throws PipelineException; null when absent or wrong.
   */
  public <T> @Nullable T take(String name, Function<String, T> parser) {
    String text = take(name);
    if (text == null) {
      return null;
    }
    try {
      return parser.apply(text);
    } catch (PipelineException e) {
      problems.add(name + ": " + e.getMessage());
      return null;
    }
  }

  public @Nullable Boolean takeBoolean(String name) {
    String text = take(name);
    if (text == null) {
      return null;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> {
        problems.add(name + " must be true or false");
        yield null;
      }
    };
  }

  /** Takes one of several words; null when absent or wrong. */
  public @Nullable String takeWord(String name, List<String> words) {
    String word = take(name);
    if (word != null && !words.contains(word)) {
      problems.add(name + " must be one of " + String.join(", ", words));
      return null;
    }
    return word;
  }

  /**
   * The password from the URL itself or from where {@code password}, {@code password_file} and
   * {@code password_command} say; more than one is a problem.
   */
  @Nullable Secret takePassword(@Nullable String fromUrl) {
    return takeSecret("password", fromUrl);
  }

  /** A secret by its name, or by {@code name_file} or {@code name_command}. */
  @Nullable Secret takeSecret(String name, @Nullable String fromUrl) {
    String plain = take(name);
    String file = take(name + "_file");
    String command = take(name + "_command");
    int given =
        (fromUrl == null ? 0 : 1)
            + (plain == null ? 0 : 1)
            + (file == null ? 0 : 1)
            + (command == null ? 0 : 1);
    if (given > 1) {
      problems.add("the " + name + " is given in more than one way");
      return null;
    }
    if (file != null) {
      return Secret.fromFile(file);
    }
    if (command != null) {
      return Secret.fromCommand(command);
    }
    String text = fromUrl == null ? plain : fromUrl;
    return text == null ? null : Secret.of(text);
  }

  /** What was not taken. */
  Map<String, String> remaining() {
    return remaining;
  }

  /** Reports what was not taken as unknown. */
  public void refuseRemaining(List<String> known) {
    for (String name : remaining.keySet()) {
      problems.add("parameter '" + name + "' is not known; known are " + String.join(", ", known));
    }
  }

  /** As behind a URL, with values replaced that may be secrets. */
  static String redacted(Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    return parameters.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + "="
                    + (SHOWN.contains(entry.getKey())
                        ? PercentCoding.encode(entry.getValue())
                        : "***"))
        .collect(Collectors.joining("&", "?", ""));
  }
}
