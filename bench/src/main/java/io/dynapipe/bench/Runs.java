package io.dynapipe.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Several runs of the same program; figures are medians. */
final class Runs {

  private final int units;
  private final List<Measured> runs = new ArrayList<>();

  /** Runs that each do this many rows or events. */
  Runs(int units) {
    this.units = units;
  }

  void add(Measured run) {
    runs.add(run);
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** Units a second, by the whole process's time. */
  double rate() {
    return units / median(Measured::seconds);
  }

  /** Units a second, by the time that the program itself reports. */
  double reportedRate() {
    return units / median(Measured::reportedSeconds);
  }

  /** Rate, CPU seconds and memory of a peer; nothing when it did not run. */
  void addTo(Map<String, Double> peers, String name) {
    if (!runs.isEmpty()) {
      peers.put(name, rate());
      peers.put(name + "-reported", reportedRate());
      peers.put(name + "-cpu-s", cpuSeconds());
      peers.put(name + "-rss-mib", rssMib());
    }
  }

  double cpuSeconds() {
    return median(Measured::cpuSeconds);
  }

  /** The worst, not the median: it is compared with a limit. */
  double rssMib() {
    return runs.stream().mapToDouble(Measured::rssMib).max().orElse(Double.NaN);
  }

  private double median(ToDoubleFunction<Measured> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
