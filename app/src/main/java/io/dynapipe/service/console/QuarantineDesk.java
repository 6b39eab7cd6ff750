package io.dynapipe.service.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.QuarantineHold;
import io.dynapipe.sink.Sink;
import io.dynapipe.task.QuarantineRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Shows the sink's quarantine, and brings records back. One retry at a time. Thread-safe. */
public final class QuarantineDesk {

  private static final int MAX_SHOWN = 200;

  /**
   * A running pipeline looks at the quarantine every few seconds, and sets rows aside until then.
   */
  private static final Duration SETTLE = Duration.ofSeconds(6);

  /** Ends the id of a record's second entry, which holds the key that it left. */
  private static final String PREVIOUS_KEY = "/previous-key";

  private final TaskEngine engine;
  private final ReentrantLock working = new ReentrantLock();
  private final AtomicLong changes = new AtomicLong();

  public QuarantineDesk(TaskEngine engine) {
    this.engine = engine;
  }

  /** Grows whenever the quarantine may have changed. */
  long revision() {
    return engine.meters().quarantined() + changes.get();
  }

  private Sink sink() {
    @Nullable Sink sink = engine.streams().openedSink();
    if (sink == null) {
      throw Fault.withStatus(503, "ServiceUnavailable", "The sink cannot be reached yet.");
    }
    return sink;
  }

  /** The oldest entries. */
  ObjectNode list() {
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("entries");
    List<QuarantineEntry> entries = sink().quarantine().list();
    for (QuarantineEntry entry : entries.subList(0, Math.min(MAX_SHOWN, entries.size()))) {
      ObjectNode one = shown.addObject();
      one.put("id", entry.id());
      one.put("table", entry.hold().table());
      one.put("key", entry.hold().key());
      one.put("operation", entry.operation());
      one.put("event", entry.event());
      one.put("reason", entry.reason());
      one.put("shard", entry.shard());
      one.put("sequenceNumber", entry.sequenceNumber());
      one.put("since", Instant.ofEpochMilli(entry.quarantinedMillis()).toString());
    }
    answer.put("count", entries.size());
    answer.put("more", entries.size() > MAX_SHOWN);
    return answer;
  }

  /**
   * Applies a record again, with all that wait for the same key.
   *
   * @throws Fault when it is not there, or another retry runs
   */
  ObjectNode retry(String id) {
    if (!working.tryLock()) {
      throw Fault.withStatus(409, "Busy", "Another retry runs. Try again when it has ended.");
    }
    try {
      Sink sink = sink();
      Set<String> ids = together(sink.quarantine().list(), id);
      Set<QuarantineHold> holds = new HashSet<>();
      for (QuarantineEntry entry : sink.quarantine().list()) {
        if (ids.contains(entry.id())) {
          holds.add(entry.hold());
        }
      }
      QuarantineRetry.Result result =
          new QuarantineRetry(sink, entry -> holds.contains(entry.hold()), Clock.systemUTC())
              .run(SETTLE);
      ObjectNode answer = Json.object();
      answer.put("applied", result.applied());
      answer.put("left", result.setAside().size());
      answer.put("reason", result.setAside().isEmpty() ? "" : result.setAside().get(0).reason());
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Fault.withStatus(503, "ServiceUnavailable", "The service is ending.");
    } finally {
      changes.incrementAndGet();
      working.unlock();
    }
  }

  /**
   * The entries that can only go together: those of the same keys, and of records that changed a
   * key.
   */
  private static Set<String> together(List<QuarantineEntry> entries, String id) {
    Set<String> ids = new HashSet<>();
    Set<QuarantineHold> holds = new HashSet<>();
    entries.stream().filter(entry -> entry.id().equals(id)).forEach(e -> holds.add(e.hold()));
    if (holds.isEmpty()) {
      throw Fault.withStatus(404, "NotFound", "This record is not in quarantine any more.");
    }
    int before = -1;
    while (ids.size() > before) {
      before = ids.size();
      for (QuarantineEntry entry : entries) {
        if (holds.contains(entry.hold()) || ids.contains(partner(entry.id()))) {
          ids.add(entry.id());
          holds.add(entry.hold());
        }
      }
    }
    return ids;
  }

  private static String partner(String id) {
    return id.endsWith(PREVIOUS_KEY)
        ? id.substring(0, id.length() - PREVIOUS_KEY.length())
        : id + PREVIOUS_KEY;
  }

  /** Drops a record: it will never be applied. */
  ObjectNode drop(String id) {
    sink().quarantine().remove(List.of(id));
    changes.incrementAndGet();
    return Json.object();
  }
}
