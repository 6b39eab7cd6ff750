package io.dynapipe.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynapipe.bench.KinesisRequest.Put;
import io.dynapipe.bench.MemoryShard.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * As much of the Kinesis API as our writer and our reader for one process call, in memory: for
 * measuring what the stream costs us, where an emulator that is slower than we are would only tell
 * about itself. Requests and answers keep to the limits of the service. The limits of shards
 * (records, bytes and calls a second), trimming, resharding, signatures and the end of iterators
 * after five minutes are left out, and so is CBOR.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/">Kinesis Data Streams</a>
 */
final class KinesisStandIn {

  private static final int MAX_PUT_RECORDS = 500;
  private static final int MAX_PUT_BYTES = 10 << 20;
  private static final int MAX_RECORD_BYTES = 1 << 20;
  private static final int MAX_GET_RECORDS = 10_000;

  /** What stands around a record in an answer: names, sequence number, time. */
  private static final int FRAME_BYTES = 192;

  private static final String INVALID = "InvalidArgumentException";

  private final Map<String, MemoryStream> streams = new ConcurrentHashMap<>();

  private KinesisStandIn() {}

  /** Prints the port, and serves until its standard input ends, as it does with who started it. */
  public static void main(String[] arguments) throws IOException {
    // Without it an answer's last packet waits until the client acknowledges the one before.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", new KinesisStandIn()::handle);
    server.start();
    System.out.println(server.getAddress().getPort());
    byte[] unused = System.in.readAllBytes();
    System.exit(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int status = 200;
    try {
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      byte[] body = exchange.getRequestBody().readAllBytes();
      String action = target == null ? "" : target.substring(target.indexOf('.') + 1);
      answer = call(action, KinesisRequest.parse(body));
    } catch (KinesisRefusal e) {
      status = 400;
      refuse(answer, e.code(), e);
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      status = 500;
      refuse(answer, "InternalFailure", e);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
    // 0 would mean an answer of unknown length.
    exchange.sendResponseHeaders(status, answer.size() == 0 ? -1 : answer.size());
    answer.writeTo(exchange.getResponseBody());
    exchange.close();
  }

  private static void refuse(ByteArrayOutputStream answer, String code, Exception e)
      throws IOException {
    try (JsonGenerator json = KinesisRequest.JSON.createGenerator(answer)) {
      json.writeStartObject();
      json.writeStringField("__type", code);
      json.writeStringField("message", e.getMessage());
      json.writeEndObject();
    }
  }

  private ByteArrayOutputStream call(String action, KinesisRequest request)
      throws IOException, KinesisRefusal {
    return switch (action) {
      case "CreateStream" -> create(request);
      case "DeleteStream" -> delete(request);
      case "DescribeStreamSummary" -> describe(request);
      case "ListShards" -> list(request);
      case "PutRecords" -> put(request);
      case "GetShardIterator" -> iterator(request);
      case "GetRecords" -> get(request);
      default -> throw new KinesisRefusal("UnknownOperationException", action);
    };
  }

  private MemoryStream stream(String name) throws KinesisRefusal {
    MemoryStream stream = streams.get(name);
    if (stream == null) {
      throw new KinesisRefusal("ResourceNotFoundException", "no stream " + name);
    }
    return stream;
  }

  private ByteArrayOutputStream create(KinesisRequest request) throws KinesisRefusal {
    String name = request.field("StreamName");
    MemoryStream stream = new MemoryStream(request.number("ShardCount", 4));
    if (streams.putIfAbsent(name, stream) != null) {
      throw new KinesisRefusal("ResourceInUseException", "there is a stream " + name);
    }
    return new ByteArrayOutputStream();
  }

  private ByteArrayOutputStream delete(KinesisRequest request) throws KinesisRefusal {
    MemoryStream unused = stream(request.field("StreamName"));
    streams.remove(request.field("StreamName"));
    return new ByteArrayOutputStream();
  }

  private ByteArrayOutputStream describe(KinesisRequest request)
      throws IOException, KinesisRefusal {
    String name = request.field("StreamName");
    int shards = stream(name).shards().size();
    return write(
        json -> {
          json.writeObjectFieldStart("StreamDescriptionSummary");
          json.writeStringField("StreamName", name);
          json.writeStringField(
              "StreamARN", "arn:aws:kinesis:us-east-1:123456789012:stream/" + name);
          json.writeStringField("StreamStatus", "ACTIVE");
          json.writeNumberField("RetentionPeriodHours", 24);
          json.writeNumberField("OpenShardCount", shards);
          json.writeEndObject();
        });
  }

  private ByteArrayOutputStream list(KinesisRequest request) throws IOException, KinesisRefusal {
    List<MemoryShard> shards = stream(request.field("StreamName")).shards();
    return write(
        json -> {
          json.writeArrayFieldStart("Shards");
          for (MemoryShard shard : shards) {
            json.writeStartObject();
            json.writeStringField("ShardId", shard.id());
            json.writeObjectFieldStart("HashKeyRange");
            json.writeStringField("StartingHashKey", shard.firstHash().toString());
            json.writeStringField("EndingHashKey", shard.lastHash().toString());
            json.writeEndObject();
            json.writeObjectFieldStart("SequenceNumberRange");
            json.writeStringField("StartingSequenceNumber", MemoryShard.sequenceNumber(0));
            json.writeEndObject();
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private ByteArrayOutputStream put(KinesisRequest request) throws IOException, KinesisRefusal {
    MemoryStream stream = stream(request.field("StreamName"));
    List<Put> records = request.records();
    long all = 0;
    for (Put record : records) {
      int bytes =
          record.data().length + record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
      all += bytes;
      if (bytes > MAX_RECORD_BYTES) {
        throw new KinesisRefusal(INVALID, "a record has " + bytes + " bytes");
      }
    }
    if (records.isEmpty() || records.size() > MAX_PUT_RECORDS || all > MAX_PUT_BYTES) {
      throw new KinesisRefusal(INVALID, records.size() + " records with " + all + " bytes");
    }
    long now = System.currentTimeMillis();
    return write(
        json -> {
          json.writeNumberField("FailedRecordCount", 0);
          json.writeArrayFieldStart("Records");
          for (Put record : records) {
            MemoryShard shard = stream.shard(record);
            int place = shard.append(new Stored(record.partitionKey(), record.data(), now));
            json.writeStartObject();
            json.writeStringField("SequenceNumber", MemoryShard.sequenceNumber(place));
            json.writeStringField("ShardId", shard.id());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private ByteArrayOutputStream iterator(KinesisRequest request)
      throws IOException, KinesisRefusal {
    String name = request.field("StreamName");
    MemoryShard shard = stream(name).shard(request.field("ShardId"));
    String type = request.field("ShardIteratorType");
    int place =
        switch (type) {
          case "TRIM_HORIZON" -> 0;
          case "LATEST" -> shard.size();
          case "AT_SEQUENCE_NUMBER" -> MemoryShard.place(request.field("StartingSequenceNumber"));
          case "AFTER_SEQUENCE_NUMBER" ->
              MemoryShard.place(request.field("StartingSequenceNumber")) + 1;
          default -> throw new KinesisRefusal(INVALID, type);
        };
    if (place > shard.size()) {
      throw new KinesisRefusal(INVALID, "no such sequence number in " + shard.id());
    }
    return write(json -> json.writeStringField("ShardIterator", token(name, shard, place)));
  }

  private static String token(String stream, MemoryShard shard, int place) {
    return stream + ":" + shard.id() + ":" + place;
  }

  private ByteArrayOutputStream get(KinesisRequest request) throws IOException, KinesisRefusal {
    String[] token = request.field("ShardIterator").split(":", -1);
    int limit = request.number("Limit", MAX_GET_RECORDS);
    if (token.length != 3 || limit < 1 || limit > MAX_GET_RECORDS) {
      throw new KinesisRefusal(INVALID, "iterator or limit");
    }
    MemoryShard shard = stream(token[0]).shard(token[1]);
    int from = Integer.parseInt(token[2]);
    List<Stored> records = shard.read(from, limit);
    int to = from + records.size();
    boolean more = to < shard.size();
    return write(
        size(records),
        json -> {
          json.writeStringField("NextShardIterator", token(token[0], shard, to));
          json.writeNumberField("MillisBehindLatest", more ? 1 : 0);
          json.writeArrayFieldStart("Records");
          int place = from;
          for (Stored record : records) {
            json.writeStartObject();
            json.writeStringField("SequenceNumber", MemoryShard.sequenceNumber(place++));
            json.writeNumberField("ApproximateArrivalTimestamp", record.arrivalMillis() / 1e3);
            json.writeStringField("PartitionKey", record.partitionKey());
            json.writeBinaryField("Data", record.data());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** About what the answer takes: growing by copies would cost as much as writing it. */
  private static int size(List<Stored> records) {
    long bytes = FRAME_BYTES;
    for (Stored record : records) {
      bytes += record.data().length * 4L / 3 + record.partitionKey().length() + FRAME_BYTES;
    }
    return (int) bytes;
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static ByteArrayOutputStream write(Fields fields) throws IOException {
    return write(1024, fields);
  }

  private static ByteArrayOutputStream write(int bytes, Fields fields) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream(bytes);
    try (JsonGenerator json = KinesisRequest.JSON.createGenerator(answer)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    return answer;
  }
}
