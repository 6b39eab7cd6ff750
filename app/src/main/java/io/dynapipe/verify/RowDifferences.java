package io.dynapipe.verify;

import io.dynapipe.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds what differs among rows held in memory. One thread at a time. */
final class RowDifferences {

  /** Rows of one key that the other side has not; several where no key keeps them apart. */
  private static final class Sides {
    private final List<ComparedRow> source = new ArrayList<>(1);
    private final List<ComparedRow> target = new ArrayList<>(1);
  }

  private final Map<String, Sides> byKey = new TreeMap<>();

  void addTarget(ComparedRow row) {
    byKey.computeIfAbsent(row.key(), key -> new Sides()).target.add(row);
  }

  void addSource(ComparedRow row) {
    byKey.computeIfAbsent(row.key(), key -> new Sides()).source.add(row);
  }

  /** All differences, by key. */
  List<Difference> list() {
    List<Difference> differences = new ArrayList<>();
    byKey.forEach(
        (key, sides) -> {
          List<ComparedRow> source = new ArrayList<>(sides.source);
          List<ComparedRow> target = new ArrayList<>(sides.target);
          source.removeIf(target::remove);
          int both = Math.min(source.size(), target.size());
          for (int i = 0; i < both; i++) {
            differences.add(
                new Difference(Kind.DIFFERENT, key, source.get(i).differences(target.get(i))));
          }
          source
              .subList(both, source.size())
              .forEach(row -> differences.add(new Difference(Kind.MISSING, key, List.of())));
          target
              .subList(both, target.size())
              .forEach(row -> differences.add(new Difference(Kind.EXTRA, key, List.of())));
        });
    return differences;
  }
}
