package io.dynapipe.dms;

import io.dynapipe.dms.DmsSettings.Flag;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.Transaction;
import io.dynapipe.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the members of {@code metadata} in DMS's order. One thread at a time. */
final class MetadataWriter {

  private static final int MAX_PREPARED = 10_000;
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] TIMESTAMP = ascii("\"timestamp\":");
  private static final byte[] PARTITION_VALUE = ascii(",\"partition-key-value\":");
  private static final byte[] TRANSACTION = ascii(",\"transaction-id\":");
  private static final byte[] RECORD_ID = ascii(",\"transaction-record-id\":");
  private static final byte[] PREVIOUS = ascii(",\"prev-transaction-id\":");
  private static final byte[] PREVIOUS_RECORD = ascii(",\"prev-transaction-record-id\":");
  private static final byte[] COMMIT = ascii(",\"commit-timestamp\":");
  private static final byte[] POSITION = ascii(",\"stream-position\":\"");

  private final boolean partitionValue;
  private final boolean transactionDetails;
  private final Map<RowOperation, Map<PartitionType, byte[]>> rowKinds =
      new EnumMap<>(RowOperation.class);
  private final TimestampWriter made = new TimestampWriter();
  private final TimestampWriter committed = new TimestampWriter();
  private final Map<TableName, byte[]> tables = new HashMap<>();
  private @Nullable TableName lastTable;
  private byte[] lastTableMembers = {};

  MetadataWriter(DmsSettings settings) {
    this.partitionValue = settings.has(Flag.INCLUDE_PARTITION_VALUE);
    this.transactionDetails = settings.has(Flag.INCLUDE_TRANSACTION_DETAILS);
    for (RowOperation operation : RowOperation.values()) {
      Map<PartitionType, byte[]> kinds = new EnumMap<>(PartitionType.class);
      for (PartitionType type : PartitionType.values()) {
        kinds.put(type, kind("data", WireNames.of(operation), type));
      }
      rowKinds.put(operation, kinds);
    }
  }

  void writeRow(
      RowOperation operation, TableName table, Origin origin, Partition partition, JsonBuffer out) {
    write(rowKind(operation, partition.type()), table, origin, partition, out);
    Transaction transaction = origin.transaction();
    if (transaction != null) {
      // DMS sends the id also when the details are off.
      out.raw(TRANSACTION).number(transaction.id());
    }
    if (transactionDetails) {
      writeDetails(transaction, origin, out);
    }
  }

  private byte[] rowKind(RowOperation operation, PartitionType type) {
    return Objects.requireNonNull(Objects.requireNonNull(rowKinds.get(operation)).get(type));
  }

  void writeTable(
      TableOperation operation,
      TableName table,
      Origin origin,
      Partition partition,
      JsonBuffer out) {
    write(
        kind("control", WireNames.of(operation), partition.type()), table, origin, partition, out);
    if (transactionDetails) {
      Transaction transaction = origin.transaction();
      if (transaction != null) {
        out.raw(TRANSACTION).number(transaction.id());
      }
      writeDetails(transaction, origin, out);
    }
  }

  private void write(
      byte[] kind, TableName table, Origin origin, Partition partition, JsonBuffer out) {
    out.raw(TIMESTAMP);
    made.write(origin.timestampMicros(), out);
    out.raw(kind);
    String value = partition.value();
    if (partitionValue && value != null) {
      out.raw(PARTITION_VALUE).string(value);
    }
    out.raw(tableMembers(table));
  }

  private void writeDetails(@Nullable Transaction transaction, Origin origin, JsonBuffer out) {
    if (origin.recordInTransaction() != 0) {
      out.raw(RECORD_ID).number(origin.recordInTransaction());
    }
    if (transaction != null) {
      Long previous = transaction.previousId();
      if (previous != null) {
        out.raw(PREVIOUS).number(previous);
      }
      Long previousRecords = transaction.previousRecords();
      if (previousRecords != null) {
        out.raw(PREVIOUS_RECORD).number(previousRecords);
      }
      Long commit = transaction.commitMicros();
      if (commit != null) {
        out.raw(COMMIT);
        committed.write(commit, out);
      }
    }
    StreamPosition position = origin.position();
    if (position != null) {
      out.raw(POSITION);
      writeLsn(position.change(), out);
      out.raw('.').number(position.marker()).raw('.');
      writeLsn(position.commit(), out);
      out.raw('"');
    }
  }

  private static void writeLsn(Lsn lsn, JsonBuffer out) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out.raw((char) HEX[(int) (lsn.value() >>> shift) & 0xF]);
      if (shift == 32) {
        out.raw('/');
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the fast case; the map knows equal names
  private byte[] tableMembers(TableName table) {
    if (table != lastTable) {
      byte[] members = tables.get(table);
      if (members == null) {
        if (tables.size() >= MAX_PREPARED) {
          tables.clear();
        }
        members =
            new JsonBuffer(64)
                .raw(",\"schema-name\":")
                .string(table.schema())
                .raw(",\"table-name\":")
                .string(table.name())
                .toBytes();
        tables.put(table, members);
      }
      lastTableMembers = members;
      lastTable = table;
    }
    return lastTableMembers;
  }

  private static byte[] kind(String recordType, String operation, PartitionType type) {
    return ascii(
        ",\"record-type\":\"%s\",\"operation\":\"%s\",\"partition-key-type\":\"%s\""
            .formatted(recordType, operation, type.wireName()));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
