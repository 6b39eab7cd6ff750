package io.dynapipe.stream.kinesis;

import io.dynapipe.stream.Aggregated;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** A stream in memory that fails as often as it is told to, and answers in any order. */
final class MemoryService implements Dispatcher.Service, AutoCloseable {

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Random random;
  private final FaultyProxy.Faults faults;
  private final List<StoredRecord> stored = new ArrayList<>();
  final List<Integer> requestBytes = new ArrayList<>();
  final List<Integer> requestRecords = new ArrayList<>();
  private ShardMap map;
  private int maxRequestBytes = Requests.MAX_BYTES;
  private int maxRecordBytes = 1 << 20;
  private int mostInFlight;
  private int inFlight;

  MemoryService(int shards, FaultyProxy.Faults faults, long seed) {
    this.random = new Random(seed);
    this.faults = faults;
    this.map = map(shards, 0);
  }

  /** Equal ranges; the last shards of an odd number are larger, which does no harm. */
  static ShardMap map(int count, int firstId) {
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long begin = i == 0 ? 0 : Long.divideUnsigned(-1L, count) * i;
      String id = "shardId-" + (firstId + i);
      shards.add(
          Shard.builder()
              .shardId(id)
              .hashKeyRange(r -> r.startingHashKey(new HashKey(begin, 0).toString()))
              .sequenceNumberRange(r -> r.startingSequenceNumber("1"))
              .build());
    }
    return ShardMap.of(shards);
  }

  synchronized void becomes(ShardMap next) {
    map = next;
  }

  synchronized void takesOnly(int requestBytesMax, int recordBytesMax) {
    maxRequestBytes = requestBytesMax;
    maxRecordBytes = recordBytesMax;
  }

  synchronized int mostInFlight() {
    return mostInFlight;
  }

  /** What readers see, shards put together: the order within a key is what counts. */
  synchronized List<StoredRecord> stored() {
    return stored.stream().flatMap(record -> Aggregated.records(record).stream()).toList();
  }

  synchronized int kinesisRecords() {
    return stored.size();
  }

  @Override
  public synchronized CompletableFuture<PutRecordsResponse> put(
      List<PutRecordsRequestEntry> entries) {
    CompletableFuture<PutRecordsResponse> answer = new CompletableFuture<>();
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    Object unused =
        thread.schedule(
            () -> handle(entries, answer), random.nextInt(1_500), TimeUnit.MICROSECONDS);
    return answer;
  }

  private synchronized void handle(
      List<PutRecordsRequestEntry> entries, CompletableFuture<PutRecordsResponse> answer) {
    inFlight--;
    int bytes = entries.stream().mapToInt(MemoryService::bytes).sum();
    double dice = random.nextDouble();
    boolean tooLarge = entries.stream().anyMatch(entry -> bytes(entry) > maxRecordBytes);
    if (entries.size() > 500 || bytes > maxRequestBytes || tooLarge) {
      answer.completeExceptionally(refusal(400, "InvalidArgumentException"));
    } else if (dice < faults.resetBefore()) {
      answer.completeExceptionally(SdkClientException.create("connection reset"));
    } else if (dice < faults.resetBefore() + faults.status500()) {
      answer.completeExceptionally(refusal(500, "InternalFailure"));
    } else {
      requestBytes.add(bytes);
      requestRecords.add(entries.size());
      PutRecordsResponse results =
          PutRecordsResponse.builder().records(entries.stream().map(this::store).toList()).build();
      if (dice > 1 - faults.resetAfter()) {
        answer.completeExceptionally(SdkClientException.create("connection reset"));
      } else {
        answer.complete(results);
      }
    }
  }

  private PutRecordsResultEntry store(PutRecordsRequestEntry entry) {
    if (random.nextDouble() < faults.entry()) {
      return PutRecordsResultEntry.builder()
          .errorCode("ProvisionedThroughputExceededException")
          .errorMessage("made by the test")
          .build();
    }
    String explicit = entry.explicitHashKey();
    HashKey hash = explicit == null ? HashKey.of(entry.partitionKey()) : HashKey.parse(explicit);
    SequenceNumber number = SequenceNumber.of(stored.size());
    String shard = map.shard(hash);
    stored.add(
        new StoredRecord(shard, number, entry.partitionKey(), entry.data().asByteArray(), 0));
    return PutRecordsResultEntry.builder().shardId(shard).sequenceNumber(number.digits()).build();
  }

  private static int bytes(PutRecordsRequestEntry entry) {
    return entry.data().asByteArrayUnsafe().length + entry.partitionKey().length();
  }

  static KinesisException refusal(int status, String code) {
    return (KinesisException)
        KinesisException.builder()
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(code).build())
            .build();
  }

  @Override
  public synchronized CompletableFuture<ShardMap> shards() {
    return CompletableFuture.completedFuture(map);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
