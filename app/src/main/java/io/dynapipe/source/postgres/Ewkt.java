package io.dynapipe.source.postgres;

import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the text of a PostGIS geometry or geography, which is EWKB in hexadecimal digits, as EWKT,
 * in the spelling of {@code ST_AsEWKT} and with ordinates that read back exactly. Where that
 * function leaves out what reading back needs, more is written: dimensions where a part is empty
 * ({@code POINT Z EMPTY}), and the sign of zero.
 *
 * <p>What EWKT cannot say (infinite ordinates, empty rings), and what is not known here, stays the
 * hexadecimal text.
 *
 * @see <a href="https://postgis.net/docs/using_postgis_dbmanagement.html#EWKB_EWKT">PostGIS, EWKB
 *     and EWKT</a>
 */
final class Ewkt {

  private static final int Z = 0x80000000;
  private static final int M = 0x40000000;
  private static final int SRID = 0x20000000;

  /** As deep as PostGIS itself reads ({@code LW_PARSER_MAX_DEPTH}). */
  private static final int MAX_DEPTH = 200;

  private final ByteBuffer in;
  private final @Nullable RowBuilder out;
  private final boolean tagged;
  private int dimensions;
  private boolean someEmpty;

  /**
   * A reading of one geometry.
   *
   * @param out null to only look whether it can be written
   * @param tagged whether names tell that there is a Z
   */
  private Ewkt(ByteBuffer in, @Nullable RowBuilder out, boolean tagged) {
    this.in = in;
    this.out = out;
    this.tagged = tagged;
  }

  /** Adds one value as the builder's next column. */
  static void render(byte[] hex, int offset, int length, RowBuilder row) {
    try {
      ByteBuffer wkb = decoded(hex, offset, length);
      Ewkt trial = new Ewkt(wkb, null, false);
      trial.geometry(null, 0);
      if (wkb.hasRemaining()) {
        throw unknown("more than a geometry");
      }
      boolean tagged = trial.someEmpty && (trial.dimensions & Z) != 0;
      new Ewkt(wkb.rewind(), row, tagged).geometry(null, 0);
      row.endValue(ValueKind.TEXT);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      row.add(ValueKind.TEXT, hex, offset, length);
    }
  }

  private static ByteBuffer decoded(byte[] hex, int offset, int length) {
    if (length % 2 != 0) {
      throw unknown("half a byte");
    }
    byte[] bytes = new byte[length / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(hex[offset + 2 * i], 16);
      int low = Character.digit(hex[offset + 2 * i + 1], 16);
      if (high < 0 || low < 0) {
        throw unknown("not hexadecimal");
      }
      bytes[i] = (byte) (high * 16 + low);
    }
    return ByteBuffer.wrap(bytes);
  }

  private static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException(what);
  }

  /** One geometry with its header. */
  private void geometry(@Nullable WkbType parent, int depth) {
    int order = in.get();
    in.order(order == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int header = in.getInt();
    int flags = header & (Z | M | SRID);
    WkbType type = WkbType.of(header - flags);
    if (type == null || order < 0 || order > 1 || depth > MAX_DEPTH) {
      throw unknown("a header of another format");
    }
    if (parent == null) {
      dimensions = flags & (Z | M);
      srid(flags);
    } else if (flags != dimensions || !parent.mayHold(type)) {
      throw unknown("a part that does not fit");
    }
    if (parent == null || parent.names(type)) {
      name(type);
    }
    body(type, parent, depth);
  }

  private void srid(int flags) {
    if ((flags & SRID) != 0) {
      write("SRID=");
      write(Integer.toString(in.getInt()));
      write(';');
    }
  }

  private void name(WkbType type) {
    write(type.name());
    if (tagged) {
      write((dimensions & M) == 0 ? " Z " : " ZM ");
    } else if (dimensions == M) {
      write('M');
    }
  }

  private void body(WkbType type, @Nullable WkbType parent, int depth) {
    if (type.body() == WkbType.Body.POINT) {
      point(parent);
      return;
    }
    int count = in.getInt();
    if (count < 0) {
      throw unknown("more than an array holds");
    }
    if (count == 0) {
      empty(type, parent);
      return;
    }
    write('(');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        write(',');
      }
      switch (type.body()) {
        case RINGS -> ring();
        case PARTS -> geometry(type, depth + 1);
        default -> position();
      }
    }
    write(')');
  }

  /** EWKB has no other way to tell an empty point than to have no number in it. */
  private void point(@Nullable WkbType parent) {
    int start = in.position();
    boolean empty = true;
    for (int i = size(); i > 0; i--) {
      empty &= Double.isNaN(in.getDouble());
    }
    if (empty) {
      empty(WkbType.POINT, parent);
      return;
    }
    in.position(start);
    boolean enclosed = parent != WkbType.MULTIPOINT;
    if (enclosed) {
      write('(');
    }
    position();
    if (enclosed) {
      write(')');
    }
  }

  private void empty(WkbType type, @Nullable WkbType parent) {
    if (parent != null && !parent.mayHoldEmptyParts()) {
      throw unknown("an empty part that EWKT cannot tell");
    }
    someEmpty = true;
    boolean named = parent == null || parent.names(type);
    write(named && !tagged ? " EMPTY" : "EMPTY");
  }

  private void ring() {
    int count = in.getInt();
    if (count <= 0) {
      throw unknown("a ring without points");
    }
    write('(');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        write(',');
      }
      position();
    }
    write(')');
  }

  private void position() {
    int size = size();
    for (int i = 0; i < size; i++) {
      double ordinate = in.getDouble();
      if (Double.isInfinite(ordinate)) {
        throw unknown("infinity, which PostGIS does not read");
      }
      if (i > 0) {
        write(' ');
      }
      if (out != null) {
        write(EwktNumber.text(ordinate));
      }
    }
  }

  /** How many numbers a position has. */
  private int size() {
    return 2 + Integer.bitCount(dimensions);
  }

  private void write(char letter) {
    if (out != null) {
      out.append(letter);
    }
  }

  private void write(String ascii) {
    if (out != null) {
      out.append(ascii.getBytes(StandardCharsets.ISO_8859_1), 0, ascii.length());
    }
  }
}
