package io.dynapipe.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchProcessorTest {

  private static final TableName FOO = new TableName("public", "foo");
  static final String CREATE =
      """
      {"control":{"table-def":{"columns":{"id":{"type":"INT32","nullable":false},\
      "name":{"type":"STRING","nullable":true}},"primary-key":["id"]}},\
      "metadata":{"timestamp":"2024-07-29T00:57:35.691762Z","record-type":"control",\
      "operation":"create-table","partition-key-type":"task-id","schema-name":"public",\
      "table-name":"foo"}}\
      """;
  private static final String CREATE_WITHOUT_KEY = CREATE.replace(",\"primary-key\":[\"id\"]", "");

  private final MemorySink sink = new MemorySink();
  private final BatchProcessor processor =
      new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
  private int sequence;

  @Test
  void compactsAllChangesOfAKeyIntoOneWrite() {
    BatchOutcome outcome =
        process(CREATE, insert(1, "a"), update(1, "b"), update(1, "c"), insert(2, "z"));

    assertThat(sink.calls)
        .containsExactly("CREATE_TABLE public.foo", "write public.foo PUT id=1, PUT id=2");
    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=c}", "{id=2, name=z}");
    assertThat(outcome.total()).isEqualTo(new TableCounts(0, 2, 2, 0, 1, 0));
    assertThat(outcome.complete()).isTrue();
  }

  @Test
  void deletesAKeyThatAnUpdateLeaves() {
    process(CREATE, insert(1, "a"), keyChange(1, 2, "b"));

    assertThat(sink.texts(FOO)).containsExactly("{id=2, name=b}");
  }

  @Test
  void followsAKeyThatIsReusedAfterItWasLeft() {
    process(CREATE, insert(1, "a"), keyChange(1, 2, "b"), insert(1, "new"), delete(2));

    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=new}");
  }

  @Test
  void keepsAnUnchangedColumnAcrossBatches() {
    process(CREATE, insert(1, "large"));
    process(unchangedName(1, null));

    assertThat(sink.calls).last().isEqualTo("write public.foo MERGE id=1");
    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=large}");
  }

  @Test
  void takesAnUnchangedColumnFromAnEarlierRowOfTheBatch() {
    process(CREATE, insert(1, "large"), unchangedName(1, null));

    assertThat(sink.calls).last().isEqualTo("write public.foo PUT id=1");
    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=large}");
  }

  @Test
  void movesAnUnchangedColumnToTheNewKey() {
    process(CREATE, insert(1, "large"), insert(3, "other"));
    process(delete(3), unchangedName(2, 1), insert(3, "again"));

    assertThat(sink.texts(FOO)).containsExactly("{id=2, name=large}", "{id=3, name=again}");
  }

  @Test
  void appliesATableChangeBetweenTheRowsAroundIt() {
    process(CREATE, insert(1, "a"), truncate(), insert(2, "b"));

    assertThat(sink.calls)
        .containsExactly(
            "CREATE_TABLE public.foo",
            "write public.foo PUT id=1",
            "TRUNCATE_TABLE public.foo",
            "write public.foo PUT id=2");
    assertThat(sink.texts(FOO)).containsExactly("{id=2, name=b}");
  }

  @Test
  void stopsOnlyTheKeyOfABadRecord() {
    sink.bad = write -> "bad".equals(write.row().text("name"));

    BatchOutcome outcome =
        process(CREATE, insert(1, "good"), update(1, "bad"), update(1, "later"), insert(2, "b"));
    process(update(1, "much later"), update(2, "c"));

    // The last state alone would have been fine, so nothing is set aside for it.
    assertThat(outcome.total().quarantined()).isZero();
    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=much later}", "{id=2, name=c}");

    BatchOutcome bad = process(update(1, "fine"), update(1, "bad"), update(2, "d"));
    process(update(1, "after"), update(2, "e"));

    assertThat(bad.total().quarantined()).isEqualTo(1);
    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=fine}", "{id=2, name=e}");
    assertThat(sink.list())
        .extracting(entry -> entry.hold().key() + " " + entry.reason())
        .containsExactly(
            "id=1 told to fail", "id=1 waits behind an earlier record of the same key");
  }

  @Test
  void holdsTheNewKeyToo() {
    sink.bad = write -> "bad".equals(write.row().text("name"));

    process(CREATE, insert(1, "a"));
    process(update(1, "bad"));
    process(keyChange(1, 2, "b"), update(2, "c"), insert(3, "d"));

    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=a}", "{id=3, name=d}");
    assertThat(sink.list())
        .extracting(entry -> entry.hold().key())
        .containsExactly("id=1", "id=2", "id=1", "id=2");
  }

  @Test
  void setsAsideARecordThatIsNoEventAndAppliesTheOthers() {
    BatchOutcome outcome = process(CREATE, "not json", insert(1, "a"));

    assertThat(outcome.unreadable()).isEqualTo(1);
    assertThat(sink.texts(FOO)).containsExactly("{id=1, name=a}");
    assertThat(sink.list()).hasSize(1);
    assertThat(sink.list().get(0).event()).isEqualTo("not json");
    assertThat(sink.list().get(0).sequenceNumber()).isEqualTo("2");
  }

  @Test
  void asksForTheWholeBatchAgainWhenTheSinkIsDown() {
    process(CREATE);
    sink.nextFailure = PipelineException.retryable("connection refused", null);

    BatchOutcome outcome = process(insert(1, "a"), insert(2, "b"));

    assertThat(outcome.firstFailed()).isEqualTo(SequenceNumber.of(2));
    assertThat(outcome.failure()).hasMessage("connection refused");
    assertThat(sink.list()).isEmpty();
  }

  @Test
  void stopsOnlyTheTableThatCannotGoOn() {
    process(CREATE, CREATE.replace("foo", "bar"));
    sink.nextFailure = PipelineException.permanent("too many columns", "Drop some.", null);

    process(insert(1, "a"), insert(1, "b").replace("foo", "bar"));
    process(insert(2, "later"));

    assertThat(sink.texts(FOO)).isEmpty();
    assertThat(sink.texts(new TableName("public", "bar"))).containsExactly("{id=1, name=b}");
    assertThat(sink.list())
        .extracting(entry -> entry.hold().table() + ": " + entry.reason())
        .containsExactly(
            "public.foo: too many columns Drop some.",
            "public.foo: waits behind an earlier record of the same table");
  }

  @Test
  void holdsRowsWhoseTableIsUnknown() {
    BatchOutcome outcome = process(insert(1, "a"));

    assertThat(outcome.total().quarantined()).isEqualTo(1);
    assertThat(sink.list().get(0).reason()).contains("no definition of public.foo is known");
  }

  @Test
  void countsEqualRowsOfATableWithoutKeyAndAReplayOnce() {
    process(CREATE_WITHOUT_KEY);
    List<StoredRecord> batch = records(insert(1, "a"), insert(1, "a"));

    processor.process(batch);
    processor.process(batch);

    assertThat(sink.appended.get(FOO)).hasSize(2);
  }

  @Test
  void partsOfAnAggregatedRecordAreSetAsideEachOnItsOwn() {
    process(CREATE_WITHOUT_KEY);
    byte[] row = insert(1, "a").getBytes(StandardCharsets.UTF_8);
    byte[] noEvent = {'?'};
    List<StoredRecord> batch = new ArrayList<>();
    for (byte[] data : List.of(noEvent, noEvent, row, row)) {
      SequenceNumber number = new SequenceNumber("77", batch.size());
      batch.add(new StoredRecord("0", number, "key", data, 0));
    }

    processor.process(batch);
    processor.process(batch);

    assertThat(sink.quarantined.keySet()).containsExactly("0:77", "0:77.1");
    assertThat(sink.appended.get(FOO)).hasSize(2);
  }

  private BatchOutcome process(String... events) {
    return processor.process(records(events));
  }

  private List<StoredRecord> records(String... events) {
    List<StoredRecord> records = new ArrayList<>();
    for (String event : events) {
      byte[] data = event.getBytes(StandardCharsets.UTF_8);
      records.add(new StoredRecord("0", SequenceNumber.of(++sequence), "key", data, 0));
    }
    return records;
  }

  static String insert(int id, String name) {
    return row("insert", "{\"id\":" + id + ",\"name\":\"" + name + "\"}", "", "");
  }

  static String update(int id, String name) {
    return row(
        "update", "{\"id\":" + id + ",\"name\":\"" + name + "\"}", ",\"before-image\":{}", "");
  }

  static String keyChange(int from, int to, String name) {
    return row(
        "update",
        "{\"id\":" + to + ",\"name\":\"" + name + "\"}",
        ",\"before-image\":{\"id\":" + from + "}",
        "");
  }

  static String unchangedName(int id, Integer from) {
    String before = from == null ? "" : ",\"before-image\":{\"id\":" + from + "}";
    return row("update", "{\"id\":" + id + "}", before, ",\"unchanged-columns\":[\"name\"]");
  }

  static String delete(int id) {
    return row("delete", "{\"id\":" + id + ",\"name\":null}", "", "");
  }

  static String truncate() {
    return "{\"control\":{},\"metadata\":{\"timestamp\":\"2024-07-29T00:58:17.983670Z\","
        + "\"record-type\":\"control\",\"operation\":\"truncate-table\","
        + "\"partition-key-type\":\"task-id\",\"schema-name\":\"public\",\"table-name\":\"foo\"}}";
  }

  private static String row(String operation, String data, String before, String more) {
    return "{\"data\":"
        + data
        + before
        + ",\"metadata\":{\"timestamp\":\"2024-07-29T00:58:17.983670Z\",\"record-type\":\"data\","
        + "\"operation\":\""
        + operation
        + "\",\"partition-key-type\":\"schema-table\",\"schema-name\":\"public\","
        + "\"table-name\":\"foo\""
        + more
        + "}}";
  }
}
