package io.dynapipe.task;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.dms.DmsEncoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.Oversize;
import io.dynapipe.dms.Partition;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.processor.Pieces;
import io.dynapipe.sink.Bookmarks;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.kinesis.OversizeHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a small event in the place of one that is too large for the stream, with its large values as
 * if they had not changed, so that its key keeps its order. The whole goes ahead: to the target,
 * where the processor finds it for the quarantine; or in pieces through the stream, which the
 * processor joins and applies. One thread at a time.
 */
final class OversizeRecords implements OversizeHandler {

  private static final Logger LOG = LoggerFactory.getLogger(OversizeRecords.class);

  /**
   * A piece as JSON stays below the least limit of a stream, also when each character is escaped.
   */
  private static final int PIECE_CHARS = 150_000;

  /** Larger values are left out of what stands in the stream. */
  private static final int KEPT_CHARS = 1_000;

  private final boolean split;
  private final Pieces pieces;
  private final DmsDecoder decoder = new DmsDecoder();
  private final DmsEncoder encoder = new DmsEncoder(DmsSettings.defaults());

  /**
   * A handler.
   *
   * @param split whether to send the whole through the stream, in pieces
   */
  OversizeRecords(boolean split, Bookmarks bookmarks) {
    this.split = split;
    this.pieces = new Pieces(bookmarks);
  }

  @Override
  public List<StreamRecord> replace(StreamRecord record, PipelineException reason) {
    ChangeEvent event = decoder.decode(record.data(), "a record that is too large");
    if (!(event instanceof RowChange change)) {
      throw reason;
    }
    LOG.warn(
        "{}: {}; {}",
        change.table(),
        reason.getMessage(),
        split ? "it is split" : "it goes to the quarantine");
    String text = new String(record.data(), StandardCharsets.UTF_8);
    List<Oversize.Piece> parts = parts(id(record), text);
    List<StreamRecord> instead = new ArrayList<>();
    for (Oversize.Piece piece : parts) {
      if (split) {
        instead.add(new StreamRecord(record.partitionKey(), piece.toRecord()));
      } else {
        pieces.keep(piece);
      }
    }
    Oversize oversize = new Oversize(id(record), record.byteSize(), parts.size(), split);
    byte[] standIn =
        encoder.encode(
            oversize.on(small(change)),
            new Partition(PartitionType.PRIMARY_KEY, record.partitionKey(), record.partitionKey()));
    instead.add(new StreamRecord(record.partitionKey(), standIn));
    return instead;
  }

  private static List<Oversize.Piece> parts(String id, String text) {
    List<Oversize.Piece> parts = new ArrayList<>();
    int begin = 0;
    while (begin < text.length()) {
      int end = Math.min(text.length(), begin + PIECE_CHARS);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      parts.add(new Oversize.Piece(id, parts.size(), text.substring(begin, end)));
      begin = end;
    }
    return parts;
  }

  /** The event without its large values. */
  private static RowChange small(RowChange change) {
    Row row = change.row();
    RowBuilder builder = new RowBuilder().begin(row.columns());
    for (int i = 0; i < row.size(); i++) {
      String text = row.kind(i).hasValue() ? row.text(row.columns().name(i)) : null;
      if (text != null && text.length() > KEPT_CHARS) {
        builder.addUnchanged();
      } else {
        builder.addFrom(row, i);
      }
    }
    return new RowChange(
        change.table(),
        change.operation(),
        builder.build(),
        null,
        change.origin(),
        change.extras());
  }

  /** The same when the source sends the same record again. */
  private static String id(StreamRecord record) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(record.data());
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
