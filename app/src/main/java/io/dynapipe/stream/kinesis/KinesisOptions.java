package io.dynapipe.stream.kinesis;

import io.dynapipe.config.ByteSizes;
import io.dynapipe.config.Durations;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.Parameters;
import io.dynapipe.config.Problems;
import io.dynapipe.error.PipelineException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters behind the URL of a Kinesis stream.
 *
 * @param create whether to make the stream when there is none
 * @param shards of a stream that we make; null for an on-demand stream
 * @param stopWhenTrimmed whether a reader stops when records that it has not read may be gone
 * @param oversize what becomes of records that the stream does not take: quarantine, split, stop
 * @param worker how a fleet shares the stream; null when one process reads it
 */
public record KinesisOptions(
    boolean create,
    @Nullable Integer shards,
    WriterOptions writer,
    boolean stopWhenTrimmed,
    String oversize,
    @Nullable WorkerOptions worker) {

  private static final List<String> KNOWN =
      List.of(
          "aggregate",
          "application",
          "buffer",
          "create",
          "dynamodb_endpoint",
          "endpoint",
          "fan_out",
          "give_up",
          "in_flight",
          "metrics",
          "oversize",
          "pace",
          "per_key",
          "shards",
          "start",
          "trimmed");

  public static final String QUARANTINE = "quarantine";
  public static final String SPLIT = "split";
  public static final String STOP = "stop";

  private static final int MAX_REQUESTS = 256;
  private static final int MAX_SHARDS = 10_000;
  private static final long MIN_BUFFER = 1L << 20;

  /**
   * Reads a URL's parameters.
   *
   * @throws PipelineException (input) listing all problems
   */
  public static KinesisOptions of(KinesisUrl url) {
    Problems problems =
        new Problems(
            "stream URL " + url,
            "Write it like kinesis://eu-central-1/stream?create=true&shards=4&in_flight=8.");
    Parameters parameters = new Parameters(url.options(), problems);
    Integer shards = parameters.take("shards", number(1, MAX_SHARDS));
    boolean create = or(parameters.takeBoolean("create"), shards != null);
    if (shards != null && !create) {
      problems.add("shards is only for a stream that create=true makes");
    }
    WriterOptions writer = writer(parameters);
    String oversize = parameters.takeWord("oversize", List.of(QUARANTINE, SPLIT, STOP));
    String trimmed = parameters.takeWord("trimmed", List.of("stop", "continue"));
    WorkerOptions worker = worker(parameters, problems);
    parameters.refuseRemaining(KNOWN);
    problems.throwIfAny();
    return new KinesisOptions(
        create, shards, writer, !"continue".equals(trimmed), or(oversize, QUARANTINE), worker);
  }

  private static WriterOptions writer(Parameters parameters) {
    WriterOptions defaults = WriterOptions.DEFAULTS;
    Duration giveUp = parameters.take("give_up", Durations::parse);
    return new WriterOptions(
        or(parameters.takeBoolean("aggregate"), defaults.aggregate()),
        or(parameters.take("in_flight", number(1, MAX_REQUESTS)), defaults.requestsInFlight()),
        or(parameters.take("buffer", KinesisOptions::buffer), defaults.bufferBytes()),
        or(parameters.take("per_key", number(1, Requests.MAX_ENTRIES)), defaults.recordsPerKey()),
        or(parameters.takeBoolean("pace"), defaults.paced()),
        giveUp);
  }

  private static @Nullable WorkerOptions worker(Parameters parameters, Problems problems) {
    String application = parameters.take("application", KinesisOptions::application);
    String start = parameters.takeWord("start", List.of("oldest", "latest"));
    WorkerOptions given =
        new WorkerOptions(
            application == null ? "" : application,
            or(parameters.takeBoolean("fan_out"), false),
            "latest".equals(start),
            or(parameters.takeBoolean("metrics"), false),
            parameters.take("dynamodb_endpoint", KinesisOptions::endpoint));
    if (application != null) {
      return given;
    }
    if (!given.equals(new WorkerOptions("", false, false, false, null))) {
      problems.add(
          "fan_out, start, metrics and dynamodb_endpoint are for workers of a fleet, which has a"
              + " name: application");
    }
    return null;
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  private static Function<String, Integer> number(int least, int most) {
    return text -> {
      boolean digits = text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
      int number = digits && !text.isEmpty() ? Integer.parseInt(text) : -1;
      if (number < least || number > most) {
        throw PipelineException.input(
            "'" + text + "' is not a number from " + least + " to " + most, "Give such a number.");
      }
      return number;
    };
  }

  private static long buffer(String text) {
    long bytes = ByteSizes.parse(text);
    if (bytes < MIN_BUFFER) {
      throw PipelineException.input(
          "'" + text + "' is less than 1MiB", "Give at least as much as one record may have.");
    }
    return bytes;
  }

  /** DynamoDB names the lease table after it. */
  private static String application(String text) {
    if (!text.matches("[a-zA-Z0-9_.-]{3,200}")) {
      throw PipelineException.input(
          "it must be 3 to 200 letters, digits, '_', '.' or '-'", "Give another name.");
    }
    return text;
  }

  private static URI endpoint(String text) {
    if (!text.matches("https?://[^/@?#]+/?")) {
      throw PipelineException.input(
          "it must be like http://localhost:8000", "Give scheme, host and port.");
    }
    return Objects.requireNonNull(URI.create(text));
  }
}
