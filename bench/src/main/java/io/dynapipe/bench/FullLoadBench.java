package io.dynapipe.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Full load of one big table, with one reader and with two, against COPY alone. */
final class FullLoadBench {

  private final Options options;
  private final Report report;

  FullLoadBench(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void run(SourceDatabase source) throws Exception {
    source.fill(options.rows());
    Runs one = new Runs(options.rows());
    Runs two = new Runs(options.rows());
    Runs ceiling = new Runs(options.rows());
    Runs debezium = new Runs(options.rows());
    for (int round = 0; round < options.rounds(); round++) {
      ceiling.add(Child.run(Child.loop(CopyLoop.class, source.url(), SourceDatabase.TABLE)));
      one.add(capture(source, "1"));
      two.add(capture(source, "2"));
      List<String> peer =
          Child.debezium(source.url(), SourceDatabase.TABLE, Integer.toString(options.rows()));
      if (peer != null) {
        debezium.add(Child.run(peer));
        source.dropSlot("dynapipe_bench_debezium");
      }
    }
    Map<String, Double> peers = new LinkedHashMap<>();
    debezium.addTo(peers, "debezium");
    report.print(Report.Result.of("full-load", "rows/s", one, ceiling, peers));
    report.print(Report.Result.of("full-load-2", "rows/s", two, ceiling, Map.of()));
  }

  private static Measured capture(SourceDatabase source, String readers) throws Exception {
    return Child.run(
        Child.ours(
            "capture",
            "--source",
            source.url(),
            "--tables",
            "public." + SourceDatabase.TABLE,
            "--migration-type",
            "full-load",
            "--readers",
            readers,
            "--out",
            "null",
            "--json"));
  }
}
