package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Sends what is given to it, several requests at a time, and never has two requests with records of
 * one lane under way: the service stores what it can of a request, so a record that was throttled
 * would come behind its followers. One thread owns all state; answers come to it as messages.
 */
final class Dispatcher {

  /** The stream's service, as far as writing needs it. Answers come on any thread. */
  interface Service {

    CompletableFuture<PutRecordsResponse> put(List<PutRecordsRequestEntry> entries);

    CompletableFuture<ShardMap> shards();
  }

  private static final String THROTTLED = "ProvisionedThroughputExceededException";
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
  private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

  private record Request(List<Parcel> parcels, int bytes) {}

  private final Service service;
  private final Packing packing;
  private final WriterOptions options;
  private final OversizeHandler oversize;
  private final ByteBudget budget;
  private final Requests requests;
  private final Outage outage;
  private final Counters counters;
  private final Backoff backoff;
  private final Thread thread;

  private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Set<Batch> given = ConcurrentHashMap.newKeySet();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final PriorityQueue<Lane> resting =
      new PriorityQueue<>(Comparator.comparingLong(Lane::restsUntil));
  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private int inFlight;
  private boolean mapRequested;
  private @Nullable Long closesNanos;
  private volatile @Nullable PipelineException failure;

  Dispatcher(
      Service service,
      WriterOptions options,
      OversizeHandler oversize,
      ByteBudget budget,
      Start start) {
    this.service = service;
    this.packing = options.aggregate() ? new AggregatedPacking() : new PlainPacking();
    this.options = options;
    this.oversize = oversize;
    this.budget = budget;
    this.requests = new Requests(packing, options, start.map(), System.nanoTime());
    this.outage = new Outage(start.stream(), options.giveUp());
    this.counters = start.counters();
    this.backoff = start.backoff();
    this.thread = new Thread(this::run, "kinesis-writer " + start.stream());
    thread.setDaemon(true);
  }

  /** What a dispatcher begins with. */
  record Start(String stream, ShardMap map, Counters counters, Backoff backoff) {}

  void start() {
    thread.start();
  }

  /** Takes records of one batch, in order. Thread-safe. */
  void submit(Batch batch, List<Entry> entries) {
    given.add(batch);
    inbox.add(() -> accept(batch, entries));
    PipelineException earlier = failure;
    if (earlier != null) {
      // The thread may have ended without seeing the message.
      batch.stored.completeExceptionally(earlier);
    }
  }

  /** Stores nothing more. Thread-safe. */
  void stop(PipelineException reason) {
    inbox.add(
        () -> {
          throw reason;
        });
  }

  /** Why nothing more is taken; null while all is well. Thread-safe. */
  @Nullable PipelineException failure() {
    return failure;
  }

  /** Waits until all is stored, for a limited time; batches that are not stored then fail. */
  void close() throws InterruptedException {
    inbox.add(() -> closesNanos = System.nanoTime() + CLOSE_LIMIT.toNanos());
    try {
      thread.join();
    } catch (InterruptedException e) {
      inbox.add(() -> closesNanos = System.nanoTime());
      throw e;
    }
  }

  private void run() {
    try {
      while (isOpen()) {
        receive();
        wake(System.nanoTime());
        send();
      }
      fail(PipelineException.retryable("the stream's writer was closed", null));
    } catch (PipelineException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(PipelineException.permanent("the stream's writer failed: " + e, null, e));
    }
  }

  private boolean isOpen() {
    Long closes = closesNanos;
    boolean done = closes != null && (batches.isEmpty() || System.nanoTime() - closes >= 0);
    return failure == null && !done;
  }

  /** Handles messages; waits for one until there may be something to do without. */
  private void receive() {
    try {
      Runnable message = inbox.poll(waitNanos(), TimeUnit.NANOSECONDS);
      while (message != null && failure == null) {
        message.run();
        message = inbox.poll();
      }
    } catch (InterruptedException e) {
      // Nobody but this class knows the thread, and it ends by closing only.
      closesNanos = System.nanoTime();
    }
  }

  private long waitNanos() {
    long now = System.nanoTime();
    Long closes = closesNanos;
    long next = closes == null ? now + IDLE_NANOS : closes;
    Lane first = resting.peek();
    if (first != null && first.restsUntil() - next < 0) {
      next = first.restsUntil();
    }
    if (inFlight < options.requestsInFlight()) {
      next = requests.nextNanos(next);
    }
    return Math.max(0, next - now);
  }

  private void accept(Batch batch, List<Entry> entries) {
    batches.add(batch);
    for (Entry entry : entries) {
      enqueue(entry);
    }
    completeBatches();
  }

  private void enqueue(Entry entry) {
    String key = packing.laneKey(entry.record());
    Lane lane = lanes.get(key);
    if (lane == null) {
      lane = new Lane(key, packing.hash(key));
      lanes.put(key, lane);
      lane.waiting.add(entry);
      requests.add(lane);
    } else {
      lane.waiting.add(entry);
    }
  }

  private void wake(long now) {
    for (Lane lane = resting.peek();
        lane != null && lane.restsUntil() - now <= 0;
        lane = resting.peek()) {
      requests.add(resting.remove());
    }
  }

  private void send() {
    while (failure == null && inFlight < options.requestsInFlight()) {
      List<Parcel> parcels = requests.next(System.nanoTime());
      if (parcels == null) {
        return;
      }
      send(parcels);
    }
  }

  private void send(List<Parcel> parcels) {
    Request request = new Request(parcels, parcels.stream().mapToInt(Parcel::bytes).sum());
    inFlight++;
    counters.requests.increment();
    CompletableFuture<?> unused =
        service
            .put(parcels.stream().map(Parcel::wire).toList())
            .whenComplete((answer, error) -> inbox.add(() -> answered(request, answer, error)));
  }

  private void answered(
      Request request, @Nullable PutRecordsResponse answer, @Nullable Throwable error) {
    inFlight--;
    if (answer != null && answer.records().size() == request.parcels().size()) {
      settle(request, answer.records());
    } else if (error != null) {
      refused(request, error);
    } else {
      tryAgain(request, PipelineException.retryable("the answer has too few results", null));
    }
    completeBatches();
  }

  /** Some records may be stored and others not: a lane goes on behind its last stored one. */
  private void settle(Request request, List<PutRecordsResultEntry> results) {
    long now = System.nanoTime();
    List<Parcel> unstored = new ArrayList<>();
    Lane broken = null;
    boolean anyStored = false;
    for (int i = 0; i < results.size(); i++) {
      Parcel parcel = request.parcels().get(i);
      PutRecordsResultEntry result = results.get(i);
      if (parcel.lane() == broken) {
        unstored.add(parcel);
      } else if (result.errorCode() == null) {
        anyStored = true;
        stored(parcel, result);
        parcel.lane().succeeded();
        boolean last =
            i + 1 == results.size() || request.parcels().get(i + 1).lane() != parcel.lane();
        if (last) {
          goOn(parcel.lane());
        }
      } else {
        broken = parcel.lane();
        unstored.add(parcel);
        if (THROTTLED.equals(result.errorCode())) {
          requests.usedUp(broken, now);
        }
      }
    }
    if (anyStored) {
      outage.stored(now);
    }
    if (!unstored.isEmpty()) {
      counters.throttled.add(unstored.size());
      outage.throttled(unstored.size(), now);
      rest(unstored, now);
    }
  }

  private void stored(Parcel parcel, PutRecordsResultEntry result) {
    for (Entry entry : parcel.entries()) {
      close(entry);
    }
    counters.records.add(parcel.entries().size());
    counters.bytes.add(parcel.bytes());
    String shard = result.shardId();
    if (shard != null && !mapRequested && !requests.expects(parcel.lane(), shard)) {
      refreshMap();
    }
  }

  private void close(Entry entry) {
    entry.batch().closed();
    budget.giveBack(entry.memoryBytes());
  }

  /** Shards were split or merged. The old map misleads the pace and nothing else. */
  private void refreshMap() {
    mapRequested = true;
    CompletableFuture<?> unused =
        service
            .shards()
            .whenComplete(
                (map, error) ->
                    inbox.add(
                        () -> {
                          mapRequested = false;
                          if (map != null) {
                            requests.follow(map, System.nanoTime());
                          }
                        }));
  }

  private void goOn(Lane lane) {
    if (lane.waiting.isEmpty()) {
      lanes.remove(lane.key);
    } else {
      requests.add(lane);
    }
  }

  private void refused(Request request, Throwable error) {
    PipelineException translated = KinesisErrors.translate("PutRecords", error);
    if (translated.isRetryable()) {
      tryAgain(request, translated);
    } else if (!KinesisErrors.isRefusedContent(error)) {
      throw translated;
    } else if (request.bytes() > Requests.FORMER_MAX_BYTES
        && requests.maxBytes() > Requests.FORMER_MAX_BYTES) {
      requests.allowOnly(Requests.FORMER_MAX_BYTES);
      putBack(request.parcels());
      lanesOf(request.parcels()).forEach(requests::add);
    } else if (request.parcels().size() > 1) {
      divide(request.parcels());
    } else {
      refusedAlone(request.parcels().get(0), translated);
    }
  }

  /** Which record is meant stands in no field: parts are refused until one stands alone. */
  private void divide(List<Parcel> parcels) {
    int cut = parcels.size() / 2;
    while (cut < parcels.size() && parcels.get(cut).lane() == parcels.get(cut - 1).lane()) {
      cut++;
    }
    if (cut < parcels.size()) {
      send(parcels.subList(0, cut));
      send(parcels.subList(cut, parcels.size()));
    } else if (parcels.get(0).lane() == parcels.get(cut - 1).lane()) {
      putBack(parcels.subList(1, cut));
      send(parcels.subList(0, 1));
    } else {
      int begin = parcels.size() / 2;
      while (parcels.get(begin).lane() == parcels.get(begin - 1).lane()) {
        begin--;
      }
      send(parcels.subList(0, begin));
      send(parcels.subList(begin, cut));
    }
  }

  private void tryAgain(Request request, PipelineException reason) {
    long now = System.nanoTime();
    counters.failedRequests.increment();
    if (outage.failed(reason, now)) {
      throw reason;
    }
    rest(request.parcels(), now);
  }

  private void rest(List<Parcel> unstored, long now) {
    putBack(unstored);
    for (Lane lane : lanesOf(unstored)) {
      Duration delay = backoff.delay(lane.failed(), ThreadLocalRandom.current());
      lane.restUntil(now + delay.toNanos());
      resting.add(lane);
    }
  }

  private static void putBack(List<Parcel> parcels) {
    for (int i = parcels.size() - 1; i >= 0; i--) {
      parcels.get(i).lane().putBack(parcels.get(i).entries());
    }
  }

  private static List<Lane> lanesOf(List<Parcel> parcels) {
    return parcels.stream().map(Parcel::lane).distinct().toList();
  }

  /** The limit was lowered since the stream was opened, or this is something the service hates. */
  private void refusedAlone(Parcel parcel, PipelineException reason) {
    Entry entry = parcel.entries().get(0);
    if (parcel.entries().size() > 1 || entry.replacement()) {
      throw reason;
    }
    Lane lane = parcel.lane();
    List<Entry> instead =
        Entry.replacements(oversize.replace(entry.record(), reason), entry.batch());
    counters.oversize.increment();
    lane.putBack(instead);
    close(entry);
    goOn(lane);
  }

  private void completeBatches() {
    while (!batches.isEmpty() && batches.element().isStored()) {
      Batch batch = batches.remove();
      given.remove(batch);
      batch.stored.complete(null);
    }
  }

  private void fail(PipelineException reason) {
    failure = reason;
    budget.end();
    given.forEach(batch -> batch.stored.completeExceptionally(reason));
  }
}
