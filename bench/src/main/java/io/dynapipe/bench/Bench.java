package io.dynapipe.bench;

import io.dynapipe.demo.EmbeddedServer;
import java.nio.file.Path;

/** Runs benchmarks by name. They are no tests: they judge nothing. */
public final class Bench {

  private static final String DATABASE = "bench";
  private static final int WARM_EVENTS = 1_000_000;

  private Bench() {}

  /** Exit codes: 0 measured, 1 failed, 2 wrong arguments. */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    String source = options.source();
    if (source != null) {
      run(options, source);
      return;
    }
    try (EmbeddedServer server = EmbeddedServer.start(DATABASE)) {
      run(options, server.url(DATABASE));
    }
  }

  private static void run(Options options, String url) throws Exception {
    Report report = new Report(System.out, options.json());
    System.err.printf(
        "%d processors, load average %.1f%n",
        Runtime.getRuntime().availableProcessors(), Report.loadAverage());
    try (SourceDatabase source = new SourceDatabase(url)) {
      if (options.wants("full-load") || options.wants("full-load-2")) {
        new FullLoadBench(options, report).run(source);
      }
      CdcBench cdc = new CdcBench(options, report);
      if (options.wants("cdc-insert") || options.wants("cdc-update")) {
        cdc.run(source, "", options.events());
      }
      if (options.wants("warm-cdc-insert") || options.wants("warm-cdc-update")) {
        cdc.run(source, "warm-", WARM_EVENTS);
      }
      if (options.wants("apply") || options.wants("apply-mix") || options.wants("apply-hot")) {
        new ApplyBench(options, report).run(source);
      }
      if (options.wants("latency")) {
        new LatencyBench(options, report).run();
      }
    }
    if (options.wants("lambda")) {
      try (EmbeddedServer server = EmbeddedServer.start(DATABASE)) {
        String sink = options.sink();
        new LambdaBench(options, report, sink == null ? server.url(DATABASE) : sink).run();
      }
    }
    if (options.wants("kinesis")) {
      new KinesisBench(options, report).run();
    }
    if (options.wants("scaling")) {
      new ScalingBench(System.out).run();
    }
    if (options.wants("stream")) {
      EmbeddedStreamBench.main(
          new String[] {
            Path.of(System.getProperty("java.io.tmpdir")).toString(),
            Integer.toString(options.events()),
            "1"
          });
    }
  }
}
