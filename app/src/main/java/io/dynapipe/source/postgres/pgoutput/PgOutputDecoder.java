package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of {@code pgoutput}, protocol version 1, values as text. Makes no object for a
 * row: tuples are two reused indexes into the message. One thread at a time.
 */
final class PgOutputDecoder implements MessageDecoder {

  private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;

  private final PgOutputListener listener;
  private final Tuple first = new Tuple();
  private final Tuple second = new Tuple();

  private byte[] bytes = {};
  private int at;
  private int end;

  PgOutputDecoder(PgOutputListener listener) {
    this.listener = listener;
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws InterruptedException {
    bytes = message;
    at = offset;
    end = offset + length;
    try {
      dispatch(int8());
    } catch (IndexOutOfBoundsException e) {
      throw malformed("it ends too early", e);
    }
  }

  private void dispatch(int type) throws InterruptedException {
    switch (type) {
      case 'I' -> insert();
      case 'U' -> update();
      case 'D' -> delete();
      case 'B' -> {
        long commitLsn = int64();
        long commitMicros = int64() + EPOCH_2000_MICROS;
        listener.begin(commitLsn, commitMicros, uint32());
      }
      case 'C' -> {
        at += 1 + Long.BYTES; // flags (none defined), and the commit LSN that Begin has told
        listener.commit(int64());
      }
      case 'R' -> listener.relation(relation());
      case 'T' -> truncate();
      case 'Y', 'O', 'M' -> {
        // Type names come from the catalogue; origins and logical messages carry no rows.
      }
      default -> throw malformed("its type is unknown", null);
    }
  }

  private void insert() throws InterruptedException {
    long relation = uint32();
    expect('N');
    listener.insert(relation, tuple(first));
  }

  private void update() throws InterruptedException {
    long relation = uint32();
    int marker = int8();
    if (marker == 'N') {
      listener.update(relation, null, false, tuple(first));
      return;
    }
    boolean whole = oldIsWhole(marker);
    tuple(second);
    expect('N');
    listener.update(relation, second, whole, tuple(first));
  }

  private void delete() throws InterruptedException {
    long relation = uint32();
    boolean whole = oldIsWhole(int8());
    listener.delete(relation, tuple(second), whole);
  }

  private boolean oldIsWhole(int marker) {
    if (marker != 'K' && marker != 'O') {
      throw malformed("an old row is marked neither K nor O", null);
    }
    return marker == 'O';
  }

  private void truncate() throws InterruptedException {
    long[] relations = new long[int32()];
    at++; // CASCADE and RESTART IDENTITY: the server names every table it emptied
    for (int i = 0; i < relations.length; i++) {
      relations[i] = uint32();
    }
    listener.truncate(relations);
  }

  private Relation relation() {
    long oid = uint32();
    String schema = string();
    TableName name = new TableName(schema.isEmpty() ? "pg_catalog" : schema, string());
    char identity = (char) int8();
    int count = int16();
    List<RelationColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean key = (int8() & 1) != 0;
      String column = string();
      columns.add(new RelationColumn(column, uint32(), int32(), key));
    }
    return new Relation(oid, name, identity, columns);
  }

  private Tuple tuple(Tuple tuple) {
    int columns = int16();
    tuple.begin(bytes, columns);
    for (int i = 0; i < columns; i++) {
      byte kind = (byte) int8();
      switch (kind) {
        case Tuple.TEXT -> {
          int length = int32();
          if (length < 0 || length > end - at) {
            throw malformed("a value is longer than the message", null);
          }
          tuple.set(i, kind, at, length);
          at += length;
        }
        case Tuple.NULL, Tuple.UNCHANGED -> tuple.set(i, kind, at, 0);
        default -> throw malformed("a column's kind is unknown", null);
      }
    }
    return tuple;
  }

  private void expect(char marker) {
    if (int8() != marker) {
      throw malformed("the new row is missing", null);
    }
  }

  private int int8() {
    if (at >= end) {
      throw new IndexOutOfBoundsException(at);
    }
    return bytes[at++] & 0xFF;
  }

  private int int16() {
    return int8() << 8 | int8();
  }

  private int int32() {
    return int16() << 16 | int16();
  }

  private long uint32() {
    return int32() & 0xFFFF_FFFFL;
  }

  private long int64() {
    return (long) int32() << 32 | uint32();
  }

  private String string() {
    int start = at;
    while (int8() != 0) {
      // to the terminating zero
    }
    return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
  }

  private PipelineException malformed(String reason, @Nullable Throwable cause) {
    String type = at > 0 && end > 0 ? String.valueOf((char) bytes[Math.min(at, end) - 1]) : "";
    return PipelineException.permanent(
        "a message of pgoutput cannot be read: "
            + reason
            + " (byte "
            + at
            + " of "
            + end
            + ", after '"
            + type
            + "')",
        "The server speaks a protocol this version does not know: report it with the server's"
            + " version.",
        cause);
  }
}
