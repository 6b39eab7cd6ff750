package io.dynapipe.task;

import io.dynapipe.dms.DmsEncoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.Fence;
import io.dynapipe.dms.Partition;
import io.dynapipe.dms.PartitionKeys;
import io.dynapipe.dms.PartitionRule;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.mapping.EventMapper;
import io.dynapipe.mapping.transform.TablePlan;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes stream records of events: mapping, partition key, DMS message. One thread at a time. */
final class EventEncoder {

  /** Takes records in order. */
  interface Out {

    void add(StreamRecord record);

    /** Takes what has to come to all shards, behind all that was added before. */
    void addToAll(RecordWriter.Marker marker);
  }

  private static final AtomicLong LAST_FENCE = new AtomicLong();

  /** How the rows of a table, as it is defined now, are spread over the stream. */
  private record Spread(TableSchema source, ColumnNames key, PartitionRule rule) {}

  private final DmsSettings settings;
  private final EventMapper mapper;
  private final DmsEncoder encoder;
  private final PartitionKeys keys;
  private final boolean severalShards;
  private final JsonBuffer buffer = new JsonBuffer(1024);
  private @Nullable Spread last;

  EventEncoder(DmsSettings settings, String taskId, EventMapper mapper, boolean severalShards) {
    this.settings = settings;
    this.mapper = mapper;
    this.encoder = new DmsEncoder(settings);
    this.keys = new PartitionKeys(taskId, settings);
    this.severalShards = severalShards;
  }

  /**
   * The records of an event, in order; none when mappings or the endpoint's settings leave it out.
   *
   * @param schema the table's definition at the source
   */
  void encode(ChangeEvent event, TableSchema schema, Out out) {
    ChangeEvent mapped = mapper.map(event, schema);
    if (mapped instanceof RowChange change) {
      Spread spread = spread(schema);
      if (severalShards && spread.rule().type() == PartitionType.PRIMARY_KEY) {
        List<RowChange> parts = PartitionKeys.split(change, spread.key());
        if (parts.size() == 1 && PartitionKeys.moves(change, spread.key())) {
          // Its new row has a value that only the target knows, in the shard of its old key.
          toAll(change, keys.of(change, spread.key(), spread.rule()), out);
        } else {
          parts.forEach(part -> encodeRow(part, spread, out));
        }
      } else {
        encodeRow(change, spread, out);
      }
    } else if (mapped instanceof TableChange change && settings.emits(change)) {
      encodeTable(change, out);
    }
  }

  private void encodeTable(TableChange change, Out out) {
    if (severalShards) {
      toAll(change, keys.of(change), out);
    } else {
      emit(change, keys.of(change), out);
    }
  }

  /** The record of an event that tells of the task itself: no mapping changes it. */
  void encodeControl(ChangeEvent event, TableSchema schema, Out out) {
    if (event instanceof RowChange change) {
      emit(change, keys.of(change, schema.keyNames(), PartitionRule.SCHEMA_TABLE), out);
    } else if (event instanceof TableChange change && settings.emits(change)) {
      encodeTable(change, out);
    }
  }

  private void toAll(ChangeEvent event, Partition partition, Out out) {
    out.addToAll(
        (stream, shards) -> {
          boolean fenced = shards.size() > 1 && waits(event);
          ChangeEvent copy = fenced ? new Fence(stream, nextFence(), shards).on(event) : event;
          encoder.encode(copy, partition, buffer.clear());
          return Collections.nCopies(
              shards.size(), new StreamRecord(partition.key(), buffer.toBytes()));
        });
  }

  /** A table that is made has no older rows in other shards; making it again changes nothing. */
  private static boolean waits(ChangeEvent event) {
    return !(event instanceof TableChange change)
        || change.operation() != TableOperation.CREATE_TABLE;
  }

  /** Grows also from run to run, as far as clocks do. */
  private static long nextFence() {
    long now = CaptureTask.nowMicros();
    return LAST_FENCE.updateAndGet(last -> Math.max(last + 1, now));
  }

  private void encodeRow(RowChange change, Spread spread, Out out) {
    emit(change, keys.of(change, spread.key(), spread.rule()), out);
  }

  private void emit(ChangeEvent event, Partition partition, Out out) {
    encoder.encode(event, partition, buffer.clear());
    out.add(new StreamRecord(partition.key(), buffer.toBytes()));
  }

  /** Rows of one table come with the very same definition; comparing its columns costs more. */
  @SuppressWarnings("ReferenceEquality")
  private Spread spread(TableSchema schema) {
    Spread spread = last;
    if (spread == null || spread.source() != schema) {
      TablePlan plan = Objects.requireNonNull(mapper.plan(schema), "a row of a table without plan");
      PartitionRule rule =
          Objects.requireNonNullElse(plan.partitioning(), PartitionRule.PRIMARY_KEY);
      spread = new Spread(schema, plan.target().keyNames(), rule);
      last = spread;
    }
    return spread;
  }
}
