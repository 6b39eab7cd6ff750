package io.dynapipe.service.kinesis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.AwsApi;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.engine.StreamHub;
import io.dynapipe.service.state.Account;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.embedded.EmbeddedStream;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The API of Kinesis Data Streams, as far as one reads with it. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html">Kinesis Data
 *     Streams API Reference</a>
 */
public final class KinesisApi implements AutoCloseable {

  private static final String TARGET = "Kinesis_20131202";
  private static final String STREAM = "StreamName StreamARN StreamId";
  private static final String ITERATORS =
      "AT_SEQUENCE_NUMBER|AFTER_SEQUENCE_NUMBER|TRIM_HORIZON|LATEST|AT_TIMESTAMP";
  private static final int MAX_LISTED = 10_000;
  private static final int MAX_RECORDS = 10_000;
  private static final long MAX_BYTES = 10 << 20;
  private static final int RETENTION_HOURS = 24;

  private static final Map<String, String> NOT_OFFERED =
      Map.of(
          "PutRecord PutRecords",
          "Streams of this service are written by its tasks.",
          "CreateStream DeleteStream MergeShards SplitShard UpdateShardCount"
              + " UpdateStreamMode IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod"
              + " StartStreamEncryption StopStreamEncryption EnableEnhancedMonitoring"
              + " DisableEnhancedMonitoring UpdateMaxRecordSize UpdateStreamWarmThroughput",
          "Streams of this service are made by its tasks, with one shard.",
          "RegisterStreamConsumer DeregisterStreamConsumer DescribeStreamConsumer"
              + " ListStreamConsumers SubscribeToShard",
          "Enhanced fan-out is not offered; read with GetRecords.",
          "AddTagsToStream RemoveTagsFromStream ListTagsForStream TagResource UntagResource"
              + " ListTagsForResource",
          "Streams of this service have no tags.",
          "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy DescribeLimits"
              + " DescribeAccountSettings UpdateAccountSettings",
          "Streams of this service have neither policies nor limits.");

  private final StreamHub hub;
  private final Account account;
  private final Clock clock;
  private final Map<String, RecordReader> readers = new ConcurrentHashMap<>();
  private final AwsApi api;

  public KinesisApi(StreamHub hub, Account account, Clock clock) {
    this.hub = hub;
    this.account = account;
    this.clock = clock;
    List<Operation> operations = new ArrayList<>(operations());
    NOT_OFFERED.forEach(
        (names, reason) -> {
          for (String name : names.split(" +")) {
            operations.add(Operation.notOffered(name, "AccessDeniedException", reason));
          }
        });
    this.api = new AwsApi(TARGET, operations);
  }

  public AwsApi api() {
    return api;
  }

  private List<Operation> operations() {
    return List.of(
        Operation.of(
            "ListStreams",
            "Lists the embedded streams.",
            InputShape.of("Limit:integer ExclusiveStartStreamName NextToken"),
            this::list),
        Operation.of(
            "DescribeStream",
            "Tells of a stream and its shards.",
            InputShape.of(STREAM, "Limit:integer ExclusiveStartShardId"),
            this::describe),
        Operation.of(
            "DescribeStreamSummary", "Tells of a stream.", InputShape.of(STREAM), this::summary),
        Operation.of(
            "ListShards",
            "Lists the shards of a stream.",
            InputShape.of(
                STREAM,
                "NextToken ExclusiveStartShardId MaxResults:integer StreamCreationTimestamp:time",
                "ShardFilter:object"),
            this::shards),
        Operation.of(
            "GetShardIterator",
            "Begins to read a shard, by any of the five iterator types.",
            InputShape.of(
                STREAM,
                "ShardId! ShardIteratorType!:" + ITERATORS,
                "StartingSequenceNumber Timestamp:time"),
            this::iterator),
        Operation.of(
            "GetRecords",
            "Reads a shard. Records stay for 24 hours after they were applied.",
            InputShape.of("ShardIterator! Limit:integer StreamARN StreamId"),
            this::records));
  }

  private static Fault missing(String what) {
    return Fault.of("ResourceNotFoundException", what + " not found.");
  }

  private EmbeddedStream stream(Input input) {
    @Nullable String name = input.text("StreamName");
    @Nullable String arn = input.text("StreamARN");
    if (name == null && arn == null) {
      throw Fault.of("InvalidArgumentException", "Give StreamName or StreamARN.");
    }
    String wanted = name == null ? String.valueOf(arn).replaceFirst(".*/", "") : name;
    if ((arn != null && !arn.equals(account.streamArn(wanted))) || !hub.names().contains(wanted)) {
      throw missing("Stream " + (arn == null ? wanted : arn) + " under account " + account.id());
    }
    return hub.open(wanted);
  }

  private ObjectNode list(Input input) {
    String after = input.text("ExclusiveStartStreamName", input.text("NextToken", ""));
    long limit = limit(input, "Limit", MAX_LISTED, 100);
    List<String> rest = hub.names().stream().filter(name -> name.compareTo(after) > 0).toList();
    List<String> page = rest.subList(0, (int) Math.min(limit, rest.size()));
    ObjectNode answer = Json.object();
    ArrayNode names = answer.putArray("StreamNames");
    ArrayNode summaries = answer.putArray("StreamSummaries");
    page.forEach(
        name -> {
          names.add(name);
          ObjectNode summary = summaries.addObject();
          head(summary, name);
        });
    answer.put("HasMoreStreams", page.size() < rest.size());
    if (page.size() < rest.size()) {
      answer.put("NextToken", page.get(page.size() - 1));
    }
    return answer;
  }

  private static long limit(Input input, String member, int most, int absent) {
    long limit = input.integer(member, absent);
    if (limit < 1 || limit > most) {
      throw Fault.of("InvalidArgumentException", member + " must be between 1 and " + most + ".");
    }
    return limit;
  }

  private void head(ObjectNode shown, String name) {
    shown.put("StreamName", name);
    shown.put("StreamARN", account.streamArn(name));
    shown.put("StreamStatus", "ACTIVE");
    shown.putObject("StreamModeDetails").put("StreamMode", "PROVISIONED");
    // When streams were made is not kept.
    shown.set("StreamCreationTimestamp", Json.seconds(Instant.EPOCH));
  }

  private void body(ObjectNode shown, EmbeddedStream stream) {
    head(shown, stream.name());
    shown.put("RetentionPeriodHours", RETENTION_HOURS);
    shown.putArray("EnhancedMonitoring").addObject().putArray("ShardLevelMetrics");
    shown.put("EncryptionType", "NONE");
  }

  private ObjectNode describe(Input input) {
    EmbeddedStream stream = stream(input);
    ObjectNode answer = Json.object();
    ObjectNode shown = answer.putObject("StreamDescription");
    body(shown, stream);
    shown.put("HasMoreShards", false);
    shown.set("Shards", shardList(stream, input.text("ExclusiveStartShardId", "")));
    return answer;
  }

  private ObjectNode summary(Input input) {
    EmbeddedStream stream = stream(input);
    ObjectNode answer = Json.object();
    ObjectNode shown = answer.putObject("StreamDescriptionSummary");
    body(shown, stream);
    shown.put("OpenShardCount", reader(stream).shards().size());
    shown.put("ConsumerCount", 0);
    return answer;
  }

  private ObjectNode shards(Input input) {
    ObjectNode answer = Json.object();
    answer.set("Shards", shardList(stream(input), input.text("ExclusiveStartShardId", "")));
    return answer;
  }

  /** Hash keys of 128 bits, in equal ranges; the last one has what division leaves over. */
  private ArrayNode shardList(EmbeddedStream stream, String after) {
    List<String> names = reader(stream).shards();
    BigInteger end = BigInteger.ONE.shiftLeft(128);
    BigInteger size = end.divide(BigInteger.valueOf(names.size()));
    ArrayNode shown = Json.object().putArray("Shards");
    for (int i = 0; i < names.size(); i++) {
      BigInteger first = size.multiply(BigInteger.valueOf(i));
      BigInteger next = i + 1 == names.size() ? end : first.add(size);
      if (names.get(i).compareTo(after) > 0) {
        ObjectNode shard = shown.addObject();
        shard.put("ShardId", names.get(i));
        shard
            .putObject("HashKeyRange")
            .put("StartingHashKey", first.toString())
            .put("EndingHashKey", next.subtract(BigInteger.ONE).toString());
        shard.putObject("SequenceNumberRange").put("StartingSequenceNumber", "1");
      }
    }
    return shown;
  }

  private RecordReader reader(EmbeddedStream stream) {
    return readers.computeIfAbsent(stream.name(), name -> stream.reader());
  }

  private ObjectNode iterator(Input input) {
    EmbeddedStream stream = stream(input);
    String shard = input.required("ShardId");
    if (!reader(stream).shards().contains(shard)) {
      throw missing("Shard " + shard + " in stream " + stream.name());
    }
    long after =
        switch (input.required("ShardIteratorType")) {
          case "LATEST" -> stream.lastSequence(shard);
          case "AT_SEQUENCE_NUMBER" -> sequence(input) - 1;
          case "AFTER_SEQUENCE_NUMBER" -> sequence(input);
          case "AT_TIMESTAMP" -> stream.lastBefore(shard, millis(input));
          default -> 0;
        };
    return Json.object()
        .put(
            "ShardIterator",
            new Iterators(stream.name(), shard, Math.max(0, after), clock.millis()).text());
  }

  private static long sequence(Input input) {
    try {
      return Long.parseLong(input.text("StartingSequenceNumber", ""));
    } catch (NumberFormatException e) {
      throw Fault.of(
          "InvalidArgumentException",
          "StartingSequenceNumber must be one that a record of the shard has.");
    }
  }

  private static long millis(Input input) {
    @Nullable Instant time = input.time("Timestamp");
    if (time == null) {
      throw Fault.of("InvalidArgumentException", "AT_TIMESTAMP needs Timestamp.");
    }
    return time.toEpochMilli();
  }

  private ObjectNode records(Input input) {
    Iterators place = Iterators.parse(input.required("ShardIterator"), clock);
    if (!hub.names().contains(place.stream())) {
      throw missing("Stream " + place.stream());
    }
    EmbeddedStream stream = hub.open(place.stream());
    int limit = (int) limit(input, "Limit", MAX_RECORDS, MAX_RECORDS);
    // What was trimmed meanwhile is passed over, as Kinesis does.
    long after = Math.max(place.after(), stream.trimmedThrough(place.shard()));
    List<StoredRecord> records = read(stream, place.shard(), after, limit);
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("Records");
    long last = after;
    long behind = 0;
    for (StoredRecord record : records) {
      ObjectNode one = shown.addObject();
      one.put("SequenceNumber", record.sequenceNumber().digits());
      one.set(
          "ApproximateArrivalTimestamp",
          Json.seconds(Instant.ofEpochMilli(record.arrivalMillis())));
      one.put("Data", record.data());
      one.put("PartitionKey", record.partitionKey());
      one.put("EncryptionType", "NONE");
      last = Long.parseLong(record.sequenceNumber().digits());
      behind = clock.millis() - record.arrivalMillis();
    }
    answer.put(
        "NextShardIterator",
        new Iterators(place.stream(), place.shard(), last, clock.millis()).text());
    answer.put(
        "MillisBehindLatest", last >= stream.lastSequence(place.shard()) ? 0 : Math.max(1, behind));
    answer.putArray("ChildShards");
    return answer;
  }

  private List<StoredRecord> read(EmbeddedStream stream, String shard, long after, int limit) {
    if (after >= stream.lastSequence(shard)) {
      return List.of();
    }
    try {
      return reader(stream)
          .read(
              shard, after == 0 ? null : SequenceNumber.of(after), limit, MAX_BYTES, Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Fault.withStatus(503, "InternalFailureException", "The service is ending.");
    }
  }

  @Override
  public void close() {
    readers.values().forEach(RecordReader::close);
  }
}
