package io.dynapipe.dms;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.util.IdentityHashMap;

/**
 * Writes a row as a JSON object. Rows of one table share their {@link ColumnNames}, so the member
 * names are prepared once for each instance. One thread at a time.
 */
final class RowWriter {

  private static final int MAX_PREPARED = 1_000;
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final boolean includeNulls;
  private final IdentityHashMap<ColumnNames, byte[][]> prepared = new IdentityHashMap<>();
  private ColumnNames lastColumns = ColumnNames.of();
  private byte[][] lastMembers = {};

  RowWriter(boolean includeNulls) {
    this.includeNulls = includeNulls;
  }

  /**
   * The row's object.
   *
   * @param absentAsNull as DMS does on delete, where columns outside the key come as null
   * @return whether the row has columns of kind UNCHANGED, which are left out
   */
  boolean write(Row row, boolean absentAsNull, JsonBuffer out) {
    byte[][] members = members(row.columns());
    byte[] bytes = row.bytes();
    boolean hasUnchanged = false;
    int skippedComma = 1;
    int start = 0;
    out.raw('{');
    for (int i = 0; i < members.length; i++) {
      ValueKind kind = row.kind(i);
      int end = row.end(i);
      hasUnchanged |= kind == ValueKind.UNCHANGED;
      if (isWritten(kind, absentAsNull)) {
        byte[] member = members[i];
        out.raw(member, skippedComma, member.length - skippedComma);
        skippedComma = 0;
        writeValue(kind, bytes, start, end - start, out);
      }
      start = end;
    }
    out.raw('}');
    return hasUnchanged;
  }

  /** The names of the columns of kind UNCHANGED, as an array. */
  void writeUnchanged(Row row, JsonBuffer out) {
    byte[][] members = members(row.columns());
    int skippedComma = 1;
    out.raw('[');
    for (int i = 0; i < members.length; i++) {
      if (row.kind(i) == ValueKind.UNCHANGED) {
        out.raw(members[i], skippedComma, members[i].length - skippedComma - 1);
        skippedComma = 0;
      }
    }
    out.raw(']');
  }

  private boolean isWritten(ValueKind kind, boolean absentAsNull) {
    return switch (kind) {
      case NUMBER, TEXT, BOOLEAN -> true;
      case NULL -> includeNulls;
      case ABSENT -> includeNulls && absentAsNull;
      case UNCHANGED -> false;
    };
  }

  private static void writeValue(
      ValueKind kind, byte[] bytes, int offset, int length, JsonBuffer out) {
    switch (kind) {
      case NUMBER, BOOLEAN -> out.raw(bytes, offset, length);
      case TEXT -> out.string(bytes, offset, length);
      case NULL, ABSENT, UNCHANGED -> out.raw(NULL);
    }
  }

  /** For each column: comma, quoted name, colon. */
  @SuppressWarnings("ReferenceEquality") // by identity is the point: equality compares all names
  private byte[][] members(ColumnNames columns) {
    if (columns != lastColumns) {
      byte[][] members = prepared.get(columns);
      if (members == null) {
        members = prepare(columns);
      }
      lastMembers = members;
      lastColumns = columns;
    }
    return lastMembers;
  }

  private byte[][] prepare(ColumnNames columns) {
    byte[][] members = new byte[columns.size()][];
    JsonBuffer buffer = new JsonBuffer(64);
    for (int i = 0; i < members.length; i++) {
      members[i] = buffer.clear().raw(',').string(columns.name(i)).raw(':').toBytes();
    }
    if (prepared.size() >= MAX_PREPARED) {
      prepared.clear();
    }
    prepared.put(columns, members);
    return members;
  }
}
