package io.dynapipe.bench;

import io.dynapipe.demo.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Events from a file into a target: loads, a mix of operations, and changes of few hot rows. */
final class ApplyBench {

  /** Bulk sizes of the ceiling: the best one counts. */
  private static final int[] BULKS = {2_000, 5_000, 10_000};

  /** One statement an event is slow; so many tell enough. */
  private static final int SINGLES = 500;

  private static final int UNCOMPACTED = 2_000;
  private static final int MOST_IN_REQUEST = 5_000;

  private final Options options;
  private final Report report;

  ApplyBench(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void run(SourceDatabase source) throws Exception {
    Path directory = Files.createTempDirectory("dynapipe-bench");
    String sink = options.sink();
    try {
      if (sink != null) {
        run(source, sink, directory);
        return;
      }
      try (EmbeddedServer server = EmbeddedServer.start("target")) {
        run(source, server.url("target"), directory);
      }
    } finally {
      deleteAll(directory);
    }
  }

  private void run(SourceDatabase source, String sink, Path directory) throws Exception {
    EventFiles files = new EventFiles(source, directory);
    if (options.wants("apply")) {
      load(sink, files);
    }
    if (options.wants("apply-mix")) {
      changes("apply-mix", sink, files, files.mix(options.events()));
    }
    if (options.wants("apply-hot")) {
      changes("apply-hot", sink, files, files.hot(options.events()));
    }
  }

  private void load(String sink, EventFiles files) throws Exception {
    Path events = files.load(options.events());
    Path rows = files.rows();
    Runs ours = new Runs(options.events());
    Map<Integer, Runs> bulks = new LinkedHashMap<>();
    Runs singles = new Runs(SINGLES);
    for (int round = 0; round < options.rounds(); round++) {
      for (int size : BULKS) {
        prepare(sink, files);
        bulks
            .computeIfAbsent(size, any -> new Runs(options.events()))
            .add(
                Child.run(
                    Child.loop(BulkLoop.class, sink, rows.toString(), Integer.toString(size))));
      }
      prepare(sink, files);
      ours.add(apply(sink, events, options.events()));
      singles.add(events(sink, files, events, SINGLES, 1));
    }
    Map<String, Double> peers = new LinkedHashMap<>();
    Runs best = null;
    for (Map.Entry<Integer, Runs> bulk : bulks.entrySet()) {
      peers.put("bulk-" + bulk.getKey() + "-reported", bulk.getValue().reportedRate());
      best = best == null || bulk.getValue().rate() > best.rate() ? bulk.getValue() : best;
    }
    peers.put("statement-per-event", singles.reportedRate());
    if (best != null) {
      report.print(Report.Result.of("apply", "events/s", ours, best, peers));
    }
  }

  /** There is no ceiling for these: what compaction saves depends on the events. */
  private void changes(String name, String sink, EventFiles files, Path events) throws Exception {
    Runs ours = new Runs(options.events());
    Runs uncompacted = new Runs(UNCOMPACTED);
    Runs singles = new Runs(SINGLES);
    long left = rowsLeft(events);
    for (int round = 0; round < options.rounds(); round++) {
      prepare(sink, files);
      ours.add(apply(sink, events, left));
      uncompacted.add(events(sink, files, events, UNCOMPACTED, MOST_IN_REQUEST));
      singles.add(events(sink, files, events, SINGLES, 1));
    }
    Map<String, Double> peers = new LinkedHashMap<>();
    peers.put("ours-reported", ours.reportedRate());
    peers.put("uncompacted", uncompacted.reportedRate());
    peers.put("statement-per-event", singles.reportedRate());
    report.print(
        new Report.Result(
            name, "events/s", ours.rate(), Double.NaN, peers, ours.rssMib(), ours.cpuSeconds()));
  }

  /** The table new and empty, made by our program. */
  private static void prepare(String sink, EventFiles files) throws Exception {
    Child.run(Child.ours("apply", files.definition().toString(), "--sink", sink));
  }

  private static Measured apply(String sink, Path events, long expected) throws Exception {
    Measured run = Child.run(Child.ours("apply", events.toString(), "--sink", sink, "--json"));
    try (Target target = Target.open(sink)) {
      if (target.count() != expected) {
        throw new IllegalStateException(
            "the target holds " + target.count() + " rows, not " + expected);
      }
    }
    return run;
  }

  private static Measured events(String sink, EventFiles files, Path events, int count, int most)
      throws Exception {
    prepare(sink, files);
    return Child.run(
        Child.loop(
            EventLoop.class,
            sink,
            events.toString(),
            Integer.toString(count),
            Integer.toString(most)));
  }

  private static long rowsLeft(Path events) throws IOException {
    Set<Long> left = new HashSet<>();
    for (EventLine event : EventLine.read(events, Integer.MAX_VALUE)) {
      if (event.isDelete()) {
        left.remove(event.id());
      } else {
        left.add(event.id());
      }
    }
    return left.size();
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
