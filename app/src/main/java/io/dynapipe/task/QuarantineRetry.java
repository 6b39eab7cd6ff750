package io.dynapipe.task;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.Sink;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Applies the records of a quarantine again, after their cause is gone. Runs once, in one thread;
 * no two of them at a time on one target.
 *
 * <p>A pipeline may run meanwhile. It sets rows of a key aside as long as the key has an entry, and
 * an entry goes only after its record is applied, the oldest first: so no later row overtakes an
 * earlier one, and a retry that dies half-way is repeated without harm. A pipeline looks at the
 * quarantine every few seconds, and sets rows aside until then; so this waits for late ones until
 * none has come for a while.
 */
public final class QuarantineRetry {

  private static final int MAX_RECORDS = 1_000;
  private static final long MAX_BYTES = 8 << 20;
  private static final Duration POLL = Duration.ofMillis(100);

  /** Ends the id of a record's second entry, which holds the key that it left. */
  private static final String PREVIOUS_KEY = "/previous-key";

  /** Rows of a key that changes all the time could be waited for without end. */
  private static final int MOST_SETTLE_TIMES = 10;

  private final Sink sink;
  private final RetrySink retrySink;
  private final BatchProcessor processor;
  private final Predicate<QuarantineEntry> selection;
  private final Set<String> failed = new HashSet<>();
  private final Map<String, QuarantineEntry> setAside = new HashMap<>();
  private long applied;

  /**
   * What became of the records.
   *
   * @param applied records that are in the target now
   * @param setAside entries that are in quarantine with a new reason
   * @param arriving whether a running pipeline was still setting records aside
   */
  public record Result(long applied, List<QuarantineEntry> setAside, boolean arriving) {
    public Result {
      setAside = List.copyOf(setAside);
    }
  }

  /**
   * A retry.
   *
   * @param selection of entries; all records of a key or none, else their order is lost
   */
  public QuarantineRetry(Sink sink, Predicate<QuarantineEntry> selection, Clock clock) {
    this.sink = sink;
    this.retrySink = new RetrySink(sink);
    this.processor = new BatchProcessor(new DmsDecoder(), retrySink, clock);
    this.selection = selection;
  }

  /**
   * Applies what can be applied.
   *
   * @param settle how long no record must have come before the work is done; zero not to wait
   * @throws io.dynapipe.error.PipelineException as the sink gave it; doing it again is right
   */
  public Result run(Duration settle) throws InterruptedException {
    long lastWork = System.nanoTime();
    long began = 0;
    boolean arriving = false;
    while (true) {
      List<QuarantinedRecord> todo = pending();
      long now = System.nanoTime();
      if (!todo.isEmpty()) {
        apply(todo);
        lastWork = System.nanoTime();
        began = began == 0 ? lastWork : began;
        arriving = lastWork - began > settle.toNanos() * MOST_SETTLE_TIMES;
      }
      boolean settled = todo.isEmpty() && (applied == 0 || now - lastWork >= settle.toNanos());
      if (settled || arriving) {
        return new Result(applied, List.copyOf(setAside.values()), arriving);
      }
      Thread.sleep(todo.isEmpty() ? POLL.toMillis() : 0);
    }
  }

  private List<QuarantinedRecord> pending() {
    List<QuarantineEntry> entries = sink.quarantine().list().stream().filter(selection).toList();
    return QuarantinedRecord.inOrder(entries).stream()
        .filter(record -> !failed.contains(record.id()))
        .toList();
  }

  private void apply(List<QuarantinedRecord> records) {
    List<QuarantinedRecord> batch = new ArrayList<>();
    long bytes = 0;
    for (QuarantinedRecord record : records) {
      boolean sameShard =
          batch.isEmpty() || batch.get(0).stored().shard().equals(record.stored().shard());
      if (!sameShard || batch.size() >= MAX_RECORDS || bytes >= MAX_BYTES) {
        applyBatch(batch);
        batch.clear();
        bytes = 0;
      }
      batch.add(record);
      bytes += record.stored().data().length;
    }
    applyBatch(batch);
  }

  private void applyBatch(List<QuarantinedRecord> batch) {
    BatchOutcome outcome =
        processor.process(batch.stream().map(QuarantinedRecord::stored).toList());
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    QuarantinedRecord.Index index = new QuarantinedRecord.Index(batch);
    List<QuarantineEntry> again = new ArrayList<>();
    Set<String> failedNow = new HashSet<>();
    for (QuarantineEntry entry : outcome.setAside()) {
      QuarantinedRecord record = index.find(entry);
      if (record == null) {
        throw new IllegalStateException("set aside, but not given: " + entry.id());
      }
      again.add(under(record.id(), entry, record.entries().get(0).quarantinedMillis()));
      failedNow.add(record.id());
    }
    // New holds stand before old ones go, and the oldest entry goes first.
    retrySink.replace(again);
    Set<String> kept = new HashSet<>();
    again.forEach(entry -> kept.add(entry.id()));
    sink.quarantine()
        .remove(
            batch.stream()
                .flatMap(record -> record.entryIds().stream())
                .filter(id -> !kept.contains(id))
                .toList());
    again.forEach(entry -> setAside.put(entry.id(), entry));
    failed.addAll(failedNow);
    applied += batch.size() - failedNow.size();
  }

  /** The entry with the id that its record has had, and the time since when it waits. */
  private static QuarantineEntry under(String id, QuarantineEntry entry, long sinceMillis) {
    return new QuarantineEntry(
        entry.id().endsWith(PREVIOUS_KEY) ? id + PREVIOUS_KEY : id,
        entry.hold(),
        entry.operation(),
        entry.event(),
        entry.reason(),
        entry.shard(),
        entry.sequenceNumber(),
        sinceMillis);
  }
}
