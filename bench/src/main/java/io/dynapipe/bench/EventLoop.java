package io.dynapipe.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What events cost that are not compacted: one after another, in order, over one connection; those
 * that follow one another and want the same statement may share a request.
 */
final class EventLoop {

  private EventLoop() {}

  /** Arguments: sink URL, file of events, events to send, most events in a request. */
  public static void main(String[] arguments) throws Exception {
    List<EventLine> events = EventLine.read(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
    int most = Integer.parseInt(arguments[3]);
    try (Target target = Target.open(arguments[0])) {
      long began = System.nanoTime();
      int from = 0;
      while (from < events.size()) {
        boolean isDelete = events.get(from).isDelete();
        int to = from + 1;
        while (to < events.size() && to - from < most && events.get(to).isDelete() == isDelete) {
          to++;
        }
        List<EventLine> part = events.subList(from, to);
        (isDelete ? target.deletes(part) : target.upserts(part)).send();
        from = to;
      }
      Loops.report(began);
    }
  }
}
