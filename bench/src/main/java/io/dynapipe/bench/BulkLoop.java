package io.dynapipe.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The ceiling of applying: rows that are rendered beforehand are sent in bulks, nothing else. */
final class BulkLoop {

  private static final int ID = 0;

  private BulkLoop() {}

  /** Arguments: sink URL, file with a row a line (id, tab, JSON object), rows in a bulk. */
  public static void main(String[] arguments) throws Exception {
    int perBulk = Integer.parseInt(arguments[2]);
    try (Target target = Target.open(arguments[0])) {
      List<Target.Request> requests = new ArrayList<>();
      List<EventLine> rows = read(Path.of(arguments[1]));
      for (int from = 0; from < rows.size(); from += perBulk) {
        requests.add(target.upserts(rows.subList(from, Math.min(rows.size(), from + perBulk))));
      }
      long began = System.nanoTime();
      send(requests, target.connections());
      Loops.report(began);
    }
  }

  private static List<EventLine> read(Path file) throws Exception {
    List<EventLine> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split("\t", 2);
      rows.add(new EventLine(Long.parseLong(fields[ID]), false, fields[ID + 1]));
    }
    return rows;
  }

  private static void send(List<Target.Request> requests, int connections) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Future<?>> sent = new ArrayList<>();
      for (Target.Request request : requests) {
        sent.add(
            threads.submit(
                () -> {
                  request.send();
                  return true;
                }));
      }
      for (Future<?> answer : sent) {
        answer.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
