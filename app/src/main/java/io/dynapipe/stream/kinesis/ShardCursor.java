package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.Aggregated;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * Reads one shard onward. Thread-safe, though only one thread makes sense.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 */
final class ShardCursor {

  private static final Logger LOG = LoggerFactory.getLogger(ShardCursor.class);

  /** A shard takes five calls a second, from all its readers together. */
  private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Duration RETRY_LIMIT = Duration.ofMinutes(1);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final KinesisService service;
  private final String stream;
  private final String shard;
  private final boolean stopWhenTrimmed;

  private final ReadSize size = new ReadSize();

  /** Each element is what came of one Kinesis record. */
  private final ArrayDeque<List<StoredRecord>> fetched = new ArrayDeque<>();

  private @Nullable SequenceNumber returned;
  private @Nullable String iterator;

  /** The record handled last, which must come again first, until it has. */
  private @Nullable SequenceNumber expected;

  private boolean atEnd;
  private boolean finished;
  private long nextCallNanos = System.nanoTime();
  private int failures;
  private volatile long millisBehindLatest = -1;
  private volatile boolean sawEnd;

  ShardCursor(KinesisService service, String stream, String shard, boolean stopWhenTrimmed) {
    this.service = service;
    this.stream = stream;
    this.shard = shard;
    this.stopWhenTrimmed = stopWhenTrimmed;
  }

  OptionalLong millisBehindLatest() {
    long millis = millisBehindLatest;
    return millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  /** Forgets whether the end was seen. */
  void look() {
    sawEnd = false;
  }

  /** Whether somebody asked since the last {@link #look}, and heard that there was nothing. */
  boolean sawEnd() {
    return sawEnd;
  }

  /** Whether the shard is closed, and its last record was handled when it was read last. */
  synchronized boolean isFinished() {
    return finished;
  }

  /** One call at most; its answer may be empty before the deadline. */
  synchronized List<StoredRecord> read(
      @Nullable SequenceNumber after, int maxRecords, long maxBytes, long deadlineNanos)
      throws InterruptedException {
    if (!Objects.equals(after, returned) || (iterator == null && !atEnd)) {
      start(after);
    }
    if (fetched.isEmpty() && !atEnd && awaitTurn(deadlineNanos)) {
      fetch(maxRecords, maxBytes);
    }
    List<StoredRecord> records = take(maxRecords, maxBytes);
    finished = records.isEmpty() && atEnd && expected == null;
    return records;
  }

  private void start(@Nullable SequenceNumber after) {
    fetched.clear();
    returned = after;
    expected = after;
    atEnd = false;
    iterator =
        Calls.retrying(
            doing("GetShardIterator"),
            RETRY_LIMIT,
            () ->
                service
                    .client()
                    .getShardIterator(
                        request -> {
                          request
                              .streamName(service.name())
                              .streamARN(service.arn())
                              .shardId(shard)
                              .shardIteratorType(ShardIteratorType.TRIM_HORIZON);
                          if (after != null) {
                            // At, not after: whether it still is there tells that nothing is lost.
                            request
                                .shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                                .startingSequenceNumber(after.digits());
                          }
                        })
                    .thenApply(answer -> answer.shardIterator()));
  }

  /** False when the turn comes behind the deadline. */
  private boolean awaitTurn(long deadlineNanos) throws InterruptedException {
    long now = System.nanoTime();
    long wait = nextCallNanos - now;
    boolean late = nextCallNanos - deadlineNanos > 0;
    long nanos = late ? deadlineNanos - now : wait;
    if (nanos > 0) {
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
    return !late || wait <= 0;
  }

  private void fetch(int maxRecords, long maxBytes) throws InterruptedException {
    int limit = size.limit(maxRecords, maxBytes);
    String from = iterator;
    long began = System.nanoTime();
    try {
      GetRecordsResponse answer =
          Calls.await(
              doing("GetRecords"),
              service.client().getRecords(request -> request.shardIterator(from).limit(limit)));
      nextCallNanos = System.nanoTime() + CALL_NANOS;
      failures = 0;
      size.answered(Duration.ofNanos(System.nanoTime() - began));
      add(answer);
    } catch (PipelineException e) {
      Throwable cause = e.getCause();
      if (cause != null && KinesisErrors.code(cause).equals(KinesisErrors.EXPIRED_ITERATOR)) {
        // The caller was away for more than five minutes.
        start(returned);
      } else if (e.isRetryable()) {
        failures++;
        size.failed(Duration.ofNanos(System.nanoTime() - began));
        Duration delay = BACKOFF.delay(failures, ThreadLocalRandom.current());
        nextCallNanos = System.nanoTime() + delay.toNanos();
        LOG.warn("{}; trying again in {} ms", e.getMessage(), delay.toMillis());
      } else {
        throw e;
      }
    }
  }

  private void add(GetRecordsResponse answer) {
    for (Record record : answer.records()) {
      StoredRecord stored = stored(record);
      size.read(stored.data().length);
      SequenceNumber wanted = expected;
      expected = null;
      boolean again = wanted != null && isSame(wanted, stored.sequenceNumber());
      if (wanted != null && !again) {
        trimmed(wanted);
      }
      if (!again) {
        fetched.add(Aggregated.records(stored));
      }
    }
    iterator = answer.nextShardIterator();
    atEnd = iterator == null;
    Long behind = answer.millisBehindLatest();
    millisBehindLatest = behind == null ? 0 : behind;
    sawEnd = answer.records().isEmpty() && millisBehindLatest == 0;
    SequenceNumber wanted = expected;
    if (wanted != null && (atEnd || millisBehindLatest == 0)) {
      expected = null;
      trimmed(wanted);
    }
  }

  /** Whatever part of it was handled last: all of them were. */
  private static boolean isSame(SequenceNumber handled, SequenceNumber read) {
    return handled.digits().equals(read.digits());
  }

  /** The record handled last is no longer kept, so that others behind it may be gone, too. */
  private void trimmed(SequenceNumber handled) {
    String message =
        "record "
            + handled
            + ", the last one handled of "
            + shard
            + ", is no longer kept by stream '"
            + stream
            + "': records behind it may be gone unread";
    if (stopWhenTrimmed) {
      iterator = null;
      atEnd = false;
      throw PipelineException.permanent(
          message,
          "Load the tables again. If nothing was written while this reader was away, give"
              + " trimmed=continue once. A longer retention leaves more time.",
          null);
    }
    LOG.warn("{}; going on, as trimmed=continue says", message);
  }

  private StoredRecord stored(Record record) {
    Instant arrival = record.approximateArrivalTimestamp();
    return new StoredRecord(
        shard,
        new SequenceNumber(record.sequenceNumber()),
        record.partitionKey(),
        record.data().asByteArrayUnsafe(),
        arrival == null ? System.currentTimeMillis() : arrival.toEpochMilli());
  }

  private List<StoredRecord> take(int maxRecords, long maxBytes) {
    List<StoredRecord> records = new ArrayList<>();
    long bytes = 0;
    while (!fetched.isEmpty()) {
      List<StoredRecord> next = fetched.element();
      long nextBytes = next.stream().mapToLong(record -> record.data().length).sum();
      boolean full = records.size() + next.size() > maxRecords || bytes + nextBytes > maxBytes;
      if (full && !records.isEmpty()) {
        break;
      }
      records.addAll(fetched.remove());
      bytes += nextBytes;
    }
    if (!records.isEmpty()) {
      returned = records.get(records.size() - 1).sequenceNumber();
    }
    return records;
  }

  private String doing(String call) {
    return call + " of " + shard + " in stream '" + stream + "'";
  }
}
