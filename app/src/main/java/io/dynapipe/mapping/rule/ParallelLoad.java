package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.document.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a full load splits a table.
 *
 * @param partitions {@link Type#PARTITIONS_LIST}: the names of the partitions to load
 * @param columns {@link Type#RANGES}: what the boundaries are of
 * @param boundaries each an upper bound, one value a column, rising; rows above the last one are a
 *     segment of their own
 */
public record ParallelLoad(
    Type type, List<String> partitions, List<String> columns, List<List<String>> boundaries) {

  /** By what a table is split. */
  public enum Type {
    /** One reader for the table. */
    NONE,
    /** One segment for each partition. */
    PARTITIONS_AUTO,
    /** Only the partitions that are named, one segment each. */
    PARTITIONS_LIST,
    /** By values of columns. */
    RANGES
  }

  private static final Map<String, Type> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("none", Type.NONE);
    TYPES.put("partitions-auto", Type.PARTITIONS_AUTO);
    TYPES.put("partitions-list", Type.PARTITIONS_LIST);
    TYPES.put("ranges", Type.RANGES);
  }

  private static final int MAX_COLUMNS = 10;

  private static final Map<String, String> OTHER_SOURCES =
      Map.of(
          "number-of-partitions", "MongoDB",
          "collection-count-from-metadata", "MongoDB",
          "max-records-skip-per-page", "MongoDB",
          "batch-size", "MongoDB",
          "subpartitions", "Oracle");

  public ParallelLoad {
    partitions = List.copyOf(partitions);
    columns = List.copyOf(columns);
    boundaries = boundaries.stream().map(List::copyOf).toList();
  }

  static ParallelLoad read(JsonObject load) {
    String word = load.text("type", "");
    Type type = Type.NONE;
    if (word.equals("subpartitions-auto")) {
      load.problem("type", "'subpartitions-auto' is for Oracle only");
    } else {
      type = Objects.requireNonNullElse(load.choice("type", TYPES, null), Type.NONE);
    }
    OTHER_SOURCES.forEach(
        (member, source) -> {
          if (load.has(member)) {
            load.problem(member, "is for " + source + " only");
          }
        });
    List<String> partitions = load.texts("partitions");
    List<String> columns = load.texts("columns");
    List<List<String>> boundaries = boundaries(load, columns.size());
    check(load, type, partitions, columns, boundaries);
    load.end();
    return new ParallelLoad(type, partitions, columns, boundaries);
  }

  private static List<List<String>> boundaries(JsonObject load, int columns) {
    List<List<String>> boundaries = load.textLists("boundaries");
    List<List<String>> complete = new ArrayList<>();
    for (int i = 0; i < boundaries.size(); i++) {
      if (boundaries.get(i).size() == columns) {
        complete.add(boundaries.get(i));
      } else {
        load.problem("boundaries[" + i + "]", "must have one value for each of columns");
      }
    }
    return complete;
  }

  private static void check(
      JsonObject load,
      Type type,
      List<String> partitions,
      List<String> columns,
      List<List<String>> boundaries) {
    boolean ranges = type == Type.RANGES;
    if (ranges && (columns.isEmpty() || boundaries.isEmpty())) {
      load.problem(columns.isEmpty() ? "columns" : "boundaries", "is missing");
    }
    if (!ranges && !(columns.isEmpty() && boundaries.isEmpty())) {
      load.problem("columns", "and boundaries are for type ranges");
    }
    if (columns.size() > MAX_COLUMNS) {
      load.problem("columns", "must be at most " + MAX_COLUMNS);
    }
    if ((type == Type.PARTITIONS_LIST) == partitions.isEmpty()) {
      load.problem(
          "partitions", partitions.isEmpty() ? "is missing" : "is for type partitions-list");
    }
  }
}
