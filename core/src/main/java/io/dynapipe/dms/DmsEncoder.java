package io.dynapipe.dms;

import io.dynapipe.dms.DmsSettings.Flag;
import io.dynapipe.dms.DmsSettings.MessageFormat;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Extras;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableChange;
import io.dynapipe.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes change events as DMS messages. One thread at a time: prepared pieces are kept from event
 * to event, which makes a row cost little more than copying its bytes.
 *
 * <p>Rows that share a {@code ColumnNames} instance and events that share a {@code TableName}
 * instance are the fast case.
 */
public final class DmsEncoder {

  private static final byte[] DATA = "{\"data\":".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] CONTROL = "{\"control\":".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] METADATA = ",\"metadata\":{".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] UNCHANGED =
      ",\"unchanged-columns\":".getBytes(StandardCharsets.ISO_8859_1);

  private final boolean formatted;
  private final boolean controlDetails;
  private final byte[] beforeImage;
  private final RowWriter rows;
  private final RowWriter oldRows;
  private final MetadataWriter metadata;
  private final JsonBuffer scratch = new JsonBuffer(1024);

  public DmsEncoder(DmsSettings settings) {
    formatted = settings.messageFormat() == MessageFormat.JSON;
    controlDetails = settings.has(Flag.INCLUDE_CONTROL_DETAILS);
    beforeImage =
        new JsonBuffer(64).raw(',').string(settings.beforeImageField()).raw(':').toBytes();
    rows = new RowWriter(settings.has(Flag.INCLUDE_NULL_AND_EMPTY));
    oldRows = new RowWriter(settings.has(Flag.INCLUDE_NULL_AND_EMPTY));
    metadata = new MetadataWriter(settings);
  }

  /** The event's message. */
  public byte[] encode(ChangeEvent event, Partition partition) {
    JsonBuffer out = new JsonBuffer(512);
    encode(event, partition, out);
    return out.toBytes();
  }

  /** Appends the event's message. */
  public void encode(ChangeEvent event, Partition partition, JsonBuffer out) {
    if (formatted) {
      write(event, partition, scratch.clear());
      JsonFormat.format(scratch.array(), 0, scratch.size(), out);
    } else {
      write(event, partition, out);
    }
  }

  private void write(ChangeEvent event, Partition partition, JsonBuffer out) {
    if (event instanceof RowChange change) {
      writeRow(change, partition, out);
    } else if (event instanceof TableChange change) {
      writeTable(change, partition, out);
    }
    Extras extras = event.extras();
    writeExtras(extras.metadata(), out);
    out.raw('}');
    writeExtras(extras.record(), out);
    out.raw('}');
  }

  private void writeRow(RowChange change, Partition partition, JsonBuffer out) {
    out.raw(DATA);
    boolean delete = change.operation() == RowOperation.DELETE;
    boolean hasUnchanged = rows.write(change.row(), delete, out);
    Row before = change.before();
    if (before != null) {
      out.raw(beforeImage);
      oldRows.write(before, false, out);
    }
    out.raw(METADATA);
    metadata.writeRow(change.operation(), change.table(), change.origin(), partition, out);
    if (hasUnchanged) {
      out.raw(UNCHANGED);
      rows.writeUnchanged(change.row(), out);
    }
  }

  private void writeTable(TableChange change, Partition partition, JsonBuffer out) {
    if (controlDetails) {
      out.raw(CONTROL);
      ControlWriter.write(change, out);
      out.raw(METADATA);
    } else {
      out.raw('{').raw(METADATA, 1, METADATA.length - 1);
    }
    metadata.writeTable(change.operation(), change.table(), change.origin(), partition, out);
  }

  private static void writeExtras(Map<String, String> extras, JsonBuffer out) {
    if (!extras.isEmpty()) {
      extras.forEach((name, json) -> JsonFormat.member(out.raw(','), name, json));
    }
  }
}
