package io.dynapipe.task;

import io.dynapipe.dms.DmsEncoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.Partition;
import io.dynapipe.dms.PartitionKeys;
import io.dynapipe.dms.PartitionRule;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.stream.StreamRecord;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes stream records of events: partition key and DMS message. One thread at a time. */
final class EventEncoder {

  private final DmsSettings settings;
  private final DmsEncoder encoder;
  private final PartitionKeys keys;
  private final PartitionRule rule;
  private final boolean severalShards;
  private final JsonBuffer buffer = new JsonBuffer(1024);
  private @Nullable TableSchema lastSchema;
  private ColumnNames lastKey = ColumnNames.of();

  EventEncoder(DmsSettings settings, String taskId, PartitionRule rule, boolean severalShards) {
    this.settings = settings;
    this.encoder = new DmsEncoder(settings);
    this.keys = new PartitionKeys(taskId, settings);
    this.rule = rule;
    this.severalShards = severalShards;
  }

  /** The records of an event, in order; none when the endpoint's settings leave it out. */
  void encode(ChangeEvent event, TableSchema schema, Consumer<StreamRecord> out) {
    if (event instanceof RowChange change) {
      ColumnNames key = keyOf(schema);
      if (severalShards && rule.type() == PartitionType.PRIMARY_KEY) {
        PartitionKeys.split(change, key).forEach(part -> encodeRow(part, key, out));
      } else {
        encodeRow(change, key, out);
      }
    } else if (settings.emits(event)) {
      emit(event, keys.of((TableChange) event), out);
    }
  }

  private void encodeRow(RowChange change, ColumnNames key, Consumer<StreamRecord> out) {
    emit(change, keys.of(change, key, rule), out);
  }

  private void emit(ChangeEvent event, Partition partition, Consumer<StreamRecord> out) {
    encoder.encode(event, partition, buffer.clear());
    out.accept(new StreamRecord(partition.key(), buffer.toBytes()));
  }

  /** Rows of one table come with the very same definition; comparing its columns costs more. */
  @SuppressWarnings("ReferenceEquality")
  private ColumnNames keyOf(TableSchema schema) {
    if (schema != lastSchema) {
      lastSchema = schema;
      lastKey = schema.keyNames();
    }
    return lastKey;
  }
}
