package io.dynapipe.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints results: a table, or one JSON object a line. */
final class Report {

  /**
   * One benchmark's figures; NaN is what there is none of.
   *
   * @param ours by the whole process's time, as the ceiling
   * @param peers figures beside ours in the same unit, and our own by other clocks
   */
  record Result(
      String bench,
      String unit,
      double ours,
      double ceiling,
      Map<String, Double> peers,
      double rssMib,
      double cpuSeconds) {

    /** Our runs against the ceiling's, with what the programs themselves report beside it. */
    static Result of(String bench, String unit, Runs ours, Runs ceiling, Map<String, Double> more) {
      Map<String, Double> peers = new LinkedHashMap<>();
      peers.put("ours-reported", ours.reportedRate());
      peers.put("ceiling-reported", ceiling.reportedRate());
      peers.put("ceiling-cpu-s", ceiling.cpuSeconds());
      peers.putAll(more);
      return new Result(
          bench, unit, ours.rate(), ceiling.rate(), peers, ours.rssMib(), ours.cpuSeconds());
    }
  }

  private static final String ROW = "%-16s %-9s %9s %9s %6s %8s %7s  %s%n";

  private final PrintStream out;
  private final boolean json;
  private boolean headed;

  Report(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void print(Result result) {
    double ratio = result.ours() / result.ceiling();
    if (json) {
      String peers =
          result.peers().entrySet().stream()
              .map(peer -> "\"" + peer.getKey() + "\":" + number(peer.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      out.println(
          "{\"bench\":\"%s\",\"unit\":\"%s\",\"ours\":%s,\"ceiling\":%s,\"ratio\":%s,\"peers\":%s,\"rss_mib\":%s,\"cpu_s\":%s,\"load_average\":%s}"
              .formatted(
                  result.bench(),
                  result.unit(),
                  number(result.ours()),
                  number(result.ceiling()),
                  number(ratio),
                  peers,
                  number(result.rssMib()),
                  number(result.cpuSeconds()),
                  number(loadAverage())));
      return;
    }
    if (!headed) {
      headed = true;
      out.printf(ROW, "bench", "unit", "ours", "ceiling", "ratio", "rss MiB", "cpu s", "beside");
    }
    out.printf(
        ROW,
        result.bench(),
        result.unit(),
        cell(result.ours()),
        cell(result.ceiling()),
        cell(ratio),
        cell(result.rssMib()),
        cell(result.cpuSeconds()),
        result.peers().entrySet().stream()
            .map(peer -> peer.getKey() + " " + cell(peer.getValue()))
            .collect(Collectors.joining(", ")));
    out.flush();
  }

  /** Runnable threads of the machine: above its processors' number, all figures are too low. */
  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String cell(double number) {
    return Double.isNaN(number) ? "-" : number(number);
  }

  private static String number(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return "null";
    }
    return String.format(Locale.ROOT, number >= 1_000 ? "%.0f" : "%.2f", number);
  }
}
