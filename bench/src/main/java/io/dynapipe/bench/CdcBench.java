package io.dynapipe.bench;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SourceUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draining a slot that holds the events already. A slot that is never read keeps them; each run
 * reads a copy of it.
 */
final class CdcBench {

  private static final String KEEPER = "dynapipe_bench_keeper";
  private static final String SLOT = "dynapipe_bench_run";
  private static final int PER_TRANSACTION = 100;

  private final Options options;
  private final Report report;

  CdcBench(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  /**
   * Inserts, then updates.
   *
   * @param prefix of the benchmarks' names
   */
  void run(SourceDatabase source, String prefix, int events) throws Exception {
    source.createTable();
    source.execute(
        "DROP PUBLICATION IF EXISTS " + SLOT,
        "CREATE PUBLICATION " + SLOT + " FOR TABLE " + SourceDatabase.TABLE);
    try {
      source.createSlot(KEEPER);
      source.insertInTransactions(events, PER_TRANSACTION);
      if (options.wants(prefix + "cdc-insert")) {
        measure(source, prefix + "cdc-insert", events);
      }
      if (options.wants(prefix + "cdc-update")) {
        source.createSlot(KEEPER);
        source.updateInTransactions(events, PER_TRANSACTION);
        measure(source, prefix + "cdc-update", events);
      }
    } finally {
      source.dropSlot(SLOT);
      source.dropSlot(KEEPER);
      source.execute("DROP PUBLICATION IF EXISTS " + SLOT);
    }
  }

  private void measure(SourceDatabase source, String name, int events) throws Exception {
    source.execute("CHECKPOINT");
    String end = source.walPosition();
    Runs ours = new Runs(events);
    Runs ceiling = new Runs(events);
    Runs receive = new Runs(events);
    Runs debezium = new Runs(events);
    for (int round = 0; round < options.rounds(); round++) {
      source.copySlot(KEEPER, SLOT);
      ceiling.add(
          Child.run(Child.loop(CountLoop.class, source.url(), SLOT, Integer.toString(events))));
      source.copySlot(KEEPER, SLOT);
      ours.add(capture(source, end));
      List<String> command = pgRecvlogical(source.url(), end);
      if (command != null) {
        source.copySlot(KEEPER, SLOT);
        receive.add(Child.run(command));
      }
      List<String> peer =
          Child.debezium(source.url(), SourceDatabase.TABLE, Integer.toString(events), SLOT);
      if (peer != null) {
        source.copySlot(KEEPER, SLOT);
        debezium.add(Child.run(peer));
      }
    }
    Map<String, Double> peers = new LinkedHashMap<>();
    if (!receive.isEmpty()) {
      peers.put("pg_recvlogical", receive.rate());
    }
    debezium.addTo(peers, "debezium");
    report.print(Report.Result.of(name, "events/s", ours, ceiling, peers));
  }

  private static Measured capture(SourceDatabase source, String end) throws Exception {
    return Child.run(
        Child.ours(
            "capture",
            "--source",
            source.url(),
            "--tables",
            "public." + SourceDatabase.TABLE,
            "--migration-type",
            "cdc",
            "--slot",
            SLOT,
            "--until",
            end,
            "--out",
            "null",
            "--json"));
  }

  /** Null where there is no such program. */
  private static @Nullable List<String> pgRecvlogical(String url, String end)
      throws InterruptedException {
    String program = "pg_recvlogical";
    try {
      Child.run(List.of(program, "--version"));
    } catch (IOException missing) {
      return null;
    }
    PostgresUrl parsed = SourceUrl.parse(url, Map.of());
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("-h", parsed.hosts().get(0).host()));
    command.addAll(List.of("-p", Integer.toString(parsed.hosts().get(0).port())));
    command.addAll(List.of("-U", parsed.user(), "-d", parsed.database(), "--slot", SLOT));
    command.addAll(List.of("--start", "--no-loop", "--endpos", end, "-f", "/dev/null"));
    command.addAll(List.of("-o", "proto_version=1", "-o", "publication_names=" + SLOT));
    return command;
  }
}
