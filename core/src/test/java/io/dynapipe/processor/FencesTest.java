package io.dynapipe.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.dms.DmsEncoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.Fence;
import io.dynapipe.dms.Partition;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.TableName;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of several shards, each a processor of its own, that get on at their own pace. */
class FencesTest {

  private static final TableName FOO = new TableName("public", "foo");
  private static final String META =
      "\"metadata\":{\"timestamp\":\"2024-07-29T00:58:17.983670Z\",\"record-type\":\"%s\","
          + "\"operation\":\"%s\",\"partition-key-type\":\"schema-table\","
          + "\"schema-name\":\"public\",\"table-name\":\"foo\"}}";
  private static final String CREATE =
      "{\"control\":{\"table-def\":{\"columns\":{\"id\":{\"type\":\"INT32\",\"nullable\":false},"
          + "\"name\":{\"type\":\"STRING\",\"nullable\":true}},\"primary-key\":[\"id\"]}},"
          + META.formatted("control", "create-table");

  private final MemorySink sink = new MemorySink();
  private final Map<String, List<StoredRecord>> stream = new HashMap<>();
  private final Map<String, BatchProcessor> readers = new HashMap<>();
  private long sequence;
  private long fence;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void rowsStayOnTheirSideOfTruncatesAndDrops(long seed) {
    Random random = new Random(seed);
    List<String> shards = shards(16);
    MemorySink expected = new MemorySink();
    BatchProcessor inOrder = new BatchProcessor(new DmsDecoder(), expected, Clock.systemUTC());
    List<String> history = new ArrayList<>();
    toAll(shards, CREATE, false);
    history.add(CREATE);
    for (int i = 0; i < 1_000; i++) {
      int id = random.nextInt(100);
      int dice = random.nextInt(100);
      if (dice == 0) {
        history.add(control("truncate-table"));
        toAll(shards, control("truncate-table"), true);
      } else if (dice == 1) {
        history.add(control("drop-table"));
        toAll(shards, control("drop-table"), true);
        history.add(CREATE);
        toAll(shards, CREATE, false);
      } else {
        String row = dice < 20 ? delete(id) : insert(id, "v" + i);
        history.add(row);
        to(shards.get(id % shards.size()), row);
      }
    }
    history.forEach(event -> inOrder.process(List.of(record("0", event))));

    readAll(random);

    assertThat(sink.texts(FOO)).isEqualTo(expected.texts(FOO)).isNotEmpty();
    assertThat(sink.quarantined).isEmpty();
  }

  @Test
  void aFenceThatCameToAnotherShardIsVoidAndHoldsNobody() {
    List<String> before = List.of("a", "b");
    toAll(before, CREATE, false);
    to("a", insert(1, "x"));
    // Shard b was split while the fence was written: it came to a child of b, and then again.
    String truncate = fenced(control("truncate-table"), before);
    to("a", truncate);
    to("b1", CREATE);
    to("b1", truncate);
    toAll(List.of("a", "b1", "b2"), control("truncate-table"), true);
    to("a", insert(2, "y"));

    readAll(new Random(1));

    assertThat(sink.texts(FOO)).hasSize(1).first().asString().contains("y");
    assertThat(sink.calls.stream().filter(call -> call.startsWith("TRUNCATE"))).hasSize(1);
  }

  @Test
  void aRepeatedFenceIsPassed() {
    toAll(List.of("a", "b"), CREATE, false);
    String truncate = fenced(control("truncate-table"), List.of("a", "b"));
    to("a", truncate);
    to("b", truncate);
    to("b", insert(1, "x"));
    to("b", truncate);

    readAll(new Random(1));

    assertThat(sink.texts(FOO)).hasSize(1);
  }

  @Test
  void whatFollowsAFenceIsNotDecodedBeforeIt() {
    String truncate = fenced(control("truncate-table"), List.of("a"));
    List.of(CREATE, insert(1, "x"), truncate, insert(2, "y"), truncate)
        .forEach(event -> to("a", event));
    List<StoredRecord> all = stream.get("a");

    assertThat(reader().decodeFirst(all).size()).isEqualTo(2);
    assertThat(reader().decodeFirst(all.subList(2, 5)).size()).isEqualTo(2);
    assertThat(reader().decode(all).size()).isEqualTo(5);
    BatchProcessor unfenced = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
    assertThat(unfenced.decodeFirst(all).size()).isEqualTo(5);
  }

  @Test
  void aRowWaitsForItsTablesDefinitionUntilTheLimit() {
    DefinitionWait definitions = new DefinitionWait(Duration.ofHours(1), Clock.systemUTC());
    BatchProcessor first =
        BatchProcessor.ofShard(new DmsDecoder(), sink, Clock.systemUTC(), definitions);
    List<StoredRecord> row = List.of(record("a", insert(1, "x")));

    BatchOutcome early = first.process(row);
    assertThat(early.waiting()).isTrue();
    assertThat(early.failure()).hasMessageContaining("public.foo waits for");
    first.process(List.of(record("b", CREATE)));
    assertThat(first.process(row).complete()).isTrue();
    assertThat(sink.texts(FOO)).hasSize(1);

    sink.schemas.clear();
    BatchOutcome late =
        BatchProcessor.ofShard(
                new DmsDecoder(),
                sink,
                Clock.systemUTC(),
                new DefinitionWait(Duration.ZERO, Clock.systemUTC()))
            .process(row);
    assertThat(late.complete()).isTrue();
    assertThat(sink.quarantined).hasSize(1);
  }

  /** Random readers get random pieces, in the order of their shard, until nobody has any. */
  private void readAll(Random random) {
    List<String> open = new ArrayList<>(stream.keySet());
    for (int turns = 0; !open.isEmpty(); turns++) {
      assertThat(turns).as("turns").isLessThan(200_000);
      String shard = open.get(random.nextInt(open.size()));
      List<StoredRecord> rest = stream.get(shard);
      int size = Math.min(rest.size(), 1 + random.nextInt(30));
      BatchProcessor reader = readers.computeIfAbsent(shard, any -> reader());
      List<StoredRecord> some = List.copyOf(rest.subList(0, size));
      BatchProcessor.Decoded batch =
          random.nextBoolean() ? reader.decode(some) : reader.decodeFirst(some);
      BatchOutcome outcome = reader.process(batch);
      int handled = outcome.complete() ? batch.size() : outcome.records();
      assertThat(outcome.complete() || outcome.waiting()).isTrue();
      rest.subList(0, handled).clear();
      if (rest.isEmpty()) {
        open.remove(shard);
      }
    }
  }

  private BatchProcessor reader() {
    return BatchProcessor.ofShard(
        new DmsDecoder(),
        sink,
        Clock.systemUTC(),
        new DefinitionWait(Duration.ofHours(1), Clock.systemUTC()));
  }

  private static List<String> shards(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("shard-" + i);
    }
    return names;
  }

  private void toAll(List<String> shards, String event, boolean fenced) {
    String copy = fenced ? fenced(event, shards) : event;
    shards.forEach(shard -> to(shard, copy));
  }

  private String fenced(String event, List<String> shards) {
    ChangeEvent decoded =
        new DmsDecoder().decode(event.getBytes(StandardCharsets.UTF_8), "the test");
    return new String(
        new DmsEncoder(DmsSettings.defaults())
            .encode(
                new Fence("stream", ++fence, shards).on(decoded),
                new Partition(PartitionType.TASK_ID, "T", "T.public.foo")),
        StandardCharsets.UTF_8);
  }

  private void to(String shard, String event) {
    stream.computeIfAbsent(shard, name -> new ArrayList<>()).add(record(shard, event));
  }

  private StoredRecord record(String shard, String event) {
    return new StoredRecord(
        shard, SequenceNumber.of(++sequence), "key", event.getBytes(StandardCharsets.UTF_8), 0);
  }

  private static String insert(int id, String name) {
    return "{\"data\":{\"id\":%d,\"name\":\"%s\"},".formatted(id, name)
        + META.formatted("data", "insert");
  }

  private static String delete(int id) {
    return "{\"data\":{\"id\":%d,\"name\":null},".formatted(id) + META.formatted("data", "delete");
  }

  private static String control(String operation) {
    return "{\"control\":{}," + META.formatted("control", operation);
  }
}
