package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How tables are made and rows are sent, as far as a CrateDB URL says; null means the sink's
 * default.
 *
 * @param shards of tables that are made
 * @param replicas of tables that are made, such as {@code 1} or {@code 0-1}
 * @param partitionBy names of key columns by which tables are partitioned that have them
 * @param inFlight requests on their way at the same time
 * @param bulkRows rows in a request
 * @param bulkBytes bytes in a request
 * @param gzip whether requests are compressed
 * @param controlTables whether the tables {@code awsdms_*} are kept
 * @param ddl whether table changes are applied
 */
public record CrateOptions(
    @Nullable Integer shards,
    @Nullable String replicas,
    List<String> partitionBy,
    @Nullable Integer inFlight,
    @Nullable Integer bulkRows,
    @Nullable Integer bulkBytes,
    @Nullable Boolean gzip,
    @Nullable Boolean controlTables,
    @Nullable Boolean ddl) {

  /** Nothing said. */
  public static final CrateOptions DEFAULT =
      new CrateOptions(null, null, List.of(), null, null, null, null, null, null);

  static final List<String> NAMES =
      List.of(
          "bulk_rows",
          "bulk_size",
          "control_tables",
          "ddl",
          "gzip",
          "in_flight",
          "partition_by",
          "replicas",
          "shards");

  /** CrateDB refuses requests of 100 MB. */
  private static final long MAX_BULK_BYTES = 64L << 20;

  public CrateOptions {
    partitionBy = List.copyOf(partitionBy);
  }

  static CrateOptions take(Parameters parameters) {
    String partitions = parameters.take("partition_by");
    String control = parameters.takeWord("control_tables", List.of("skip", "keep"));
    String ddl = parameters.takeWord("ddl", List.of("apply", "ignore"));
    return new CrateOptions(
        parameters.take("shards", number(1, 1_024)),
        parameters.take("replicas", CrateOptions::replicas),
        partitions == null
            ? List.of()
            : Arrays.stream(partitions.split(",")).map(String::strip).toList(),
        parameters.take("in_flight", number(1, 64)),
        parameters.take("bulk_rows", number(1, 100_000)),
        parameters.take("bulk_size", CrateOptions::bulkSize),
        parameters.takeBoolean("gzip"),
        control == null ? null : (Boolean) control.equals("keep"),
        ddl == null ? null : (Boolean) ddl.equals("apply"));
  }

  private static Function<String, Integer> number(int least, int most) {
    return text -> {
      int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
      if (value < least || value > most) {
        throw PipelineException.input(
            "'" + text + "' is no number from " + least + " to " + most, "Give such a number.");
      }
      return value;
    };
  }

  private static String replicas(String text) {
    if (!text.matches("[0-9]{1,3}(-([0-9]{1,3}|all))?")) {
      throw PipelineException.input(
          "'" + text + "' is no number of replicas", "Give one such as 1, 0-1 or 0-all.");
    }
    return text;
  }

  private static int bulkSize(String text) {
    long bytes = ByteSizes.parse(text);
    if (bytes < 1_024 || bytes > MAX_BULK_BYTES) {
      throw PipelineException.input(
          "'" + text + "' is no size from 1 KiB to 64 MiB", "Give such a size, as 4MiB.");
    }
    return (int) bytes;
  }

  Map<String, String> parameters() {
    Map<String, String> said = new LinkedHashMap<>();
    put(said, "shards", shards);
    put(said, "replicas", replicas);
    put(said, "partition_by", partitionBy.isEmpty() ? null : String.join(",", partitionBy));
    put(said, "in_flight", inFlight);
    put(said, "bulk_rows", bulkRows);
    put(said, "bulk_size", bulkBytes);
    put(said, "gzip", gzip);
    put(said, "control_tables", word(controlTables, "keep", "skip"));
    put(said, "ddl", word(ddl, "apply", "ignore"));
    return said;
  }

  private static @Nullable String word(@Nullable Boolean flag, String yes, String no) {
    return flag == null ? null : flag ? yes : no;
  }

  private static void put(Map<String, String> said, String name, @Nullable Object value) {
    if (value != null) {
      said.put(name, value.toString());
    }
  }
}
