package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.CatalogAttribute;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of {@code pglogical_output}, native protocol version 1, values as text. Its
 * relations tell no types and hold generated columns: types come from the catalogue, and generated
 * columns are left out. A TRUNCATE comes as a row of pglogical's own queue; nothing else of its
 * schema is handed on. One thread at a time.
 *
 * @see <a href="https://github.com/2ndQuadrant/pglogical">pglogical</a>
 */
final class PgLogicalDecoder implements MessageDecoder {

  private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;
  private static final String OWN_SCHEMA = "pglogical";
  private static final long TEXT_OID = 25;
  private static final int TUPLE = 'T';

  /**
   * A relation as the wire has it.
   *
   * @param kept for each of its columns, whether it is handed on
   */
  private record Wire(TableName name, List<String> columns, BitSet kept) {

    boolean isOwn() {
      return name.schema().equals(OWN_SCHEMA);
    }
  }

  private final PgOutputListener listener;
  private final TableLookup lookup;
  private final MessageReader in = new MessageReader();
  private final Map<Long, Wire> relations = new HashMap<>();
  private final Tuple first = new Tuple();
  private final Tuple second = new Tuple();

  PgLogicalDecoder(PgOutputListener listener, TableLookup lookup) {
    this.listener = listener;
    this.lookup = lookup;
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws InterruptedException {
    in.begin(message, offset, length);
    int type = in.int8();
    try {
      dispatch(type);
    } catch (IndexOutOfBoundsException e) {
      throw malformed(type, "it ends too early");
    }
  }

  private void dispatch(int type) throws InterruptedException {
    if (type == 'S' || type == 'O') {
      return; // the plugin's settings, and where a transaction came from
    }
    in.skip(1); // flags, of which none are defined
    switch (type) {
      case 'B' -> {
        long commitLsn = in.int64();
        long commitMicros = in.int64() + EPOCH_2000_MICROS;
        listener.begin(commitLsn, commitMicros, in.uint32());
      }
      case 'C' -> {
        in.skip(Long.BYTES); // the commit LSN that Begin has told
        listener.commit(in.int64());
      }
      case 'R' -> relation();
      case 'I' -> insert();
      case 'U' -> update();
      case 'D' -> {
        long oid = in.uint32();
        in.skip(1); // K: only the key is told
        listener.delete(oid, tuple(wire(oid), second), false);
      }
      default -> throw malformed(type, "its type is unknown");
    }
  }

  private void insert() throws InterruptedException {
    long oid = in.uint32();
    Wire wire = wire(oid);
    in.skip(1); // N
    Tuple row = tuple(wire, first);
    if (!wire.isOwn()) {
      listener.insert(oid, row);
    } else if (wire.name().name().equals("queue")) {
      queued(wire, row);
    }
  }

  private void update() throws InterruptedException {
    long oid = in.uint32();
    Wire wire = wire(oid);
    Tuple old = in.int8() == 'K' ? tuple(wire, second) : null;
    if (old != null) {
      in.skip(1); // N
    }
    listener.update(oid, old, false, tuple(wire, first));
  }

  private Wire wire(long oid) {
    Wire wire = relations.get(oid);
    if (wire == null) {
      throw malformed('?', "relation " + oid + " was not described");
    }
    return wire;
  }

  private void relation() {
    long oid = in.uint32();
    TableName name = new TableName(in.text(in.int8()), in.text(in.int8()));
    in.skip(1); // A
    int count = in.int16();
    List<String> columns = new ArrayList<>(count);
    Set<String> key = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      in.skip(1); // C
      boolean inKey = (in.int8() & 1) != 0;
      in.skip(1); // N
      String column = in.text(in.int16());
      columns.add(column);
      if (inKey) {
        key.add(column);
      }
    }
    boolean own = name.schema().equals(OWN_SCHEMA);
    describe(oid, name, columns, key, own ? null : lookup.table(oid));
  }

  private void describe(
      long oid, TableName name, List<String> columns, Set<String> key, @Nullable SourceTable now) {
    Set<String> alive = new TreeSet<>();
    if (now != null) {
      for (CatalogAttribute attribute : lookup.attributes(oid)) {
        if (!attribute.isDropped()) {
          alive.add(String.valueOf(attribute.name()));
        }
      }
    }
    BitSet kept = new BitSet(columns.size());
    List<RelationColumn> told = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      SourceColumn known = find(now, column);
      // The catalogue knows it, but not as one that is replicated: it is generated.
      if (known != null || !alive.contains(column)) {
        kept.set(i);
        long type = known == null ? TEXT_OID : known.typeOid();
        int modifier = known == null ? -1 : known.typmod();
        told.add(new RelationColumn(column, type, modifier, key.contains(column)));
      }
    }
    Wire wire = new Wire(name, columns, kept);
    relations.put(oid, wire);
    if (!wire.isOwn()) {
      listener.relation(new Relation(oid, name, identity(now), told));
    }
  }

  private static @Nullable SourceColumn find(@Nullable SourceTable table, String name) {
    for (SourceColumn column : table == null ? List.<SourceColumn>of() : table.columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  private static char identity(@Nullable SourceTable table) {
    if (table == null) {
      return 'd';
    }
    return switch (table.identity()) {
      case PRIMARY_KEY -> 'd';
      case INDEX -> 'i';
      case FULL -> 'f';
      case NOTHING -> 'n';
    };
  }

  private Tuple tuple(Wire wire, Tuple tuple) {
    if (in.int8() != TUPLE) {
      throw malformed(TUPLE, "a row is missing");
    }
    int columns = in.int16();
    if (columns != wire.columns().size()) {
      throw malformed(TUPLE, "a row of " + wire.name() + " has " + columns + " columns");
    }
    tuple.begin(in.bytes(), wire.kept().cardinality());
    int index = 0;
    for (int i = 0; i < columns; i++) {
      byte kind = (byte) in.int8();
      int length = kind == Tuple.TEXT ? in.int32() : 0;
      int start = in.skip(length);
      if (kind != Tuple.TEXT && kind != Tuple.NULL && kind != Tuple.UNCHANGED) {
        throw malformed(kind, "a column's kind is unknown");
      }
      if (wire.kept().get(i)) {
        // A text ends with a zero.
        tuple.set(index++, kind, start, Math.max(0, length - 1));
      }
    }
    return tuple;
  }

  /** A message between pglogical's nodes; of interest is only that a table was emptied. */
  private void queued(Wire queue, Tuple row) throws InterruptedException {
    String type = text(queue, row, "message_type");
    if (!type.equals("T")) {
      return;
    }
    TableName emptied = QueuedTruncate.table(text(queue, row, "message"));
    for (Map.Entry<Long, Wire> relation : relations.entrySet()) {
      if (relation.getValue().name().equals(emptied)) {
        listener.truncate(new long[] {relation.getKey()});
        return;
      }
    }
    SourceTable table = lookup.table(emptied);
    if (table != null) {
      List<String> columns = table.columns().stream().map(SourceColumn::name).toList();
      describe(table.oid(), emptied, columns, Set.copyOf(table.schema().primaryKey()), table);
      relations.remove(table.oid());
      listener.truncate(new long[] {table.oid()});
    }
  }

  private static String text(Wire wire, Tuple row, String column) {
    int index = wire.columns().indexOf(column);
    return index < 0 || row.kind(index) != Tuple.TEXT
        ? ""
        : new String(row.bytes(), row.start(index), row.length(index), StandardCharsets.UTF_8);
  }

  private static PipelineException malformed(int type, String reason) {
    return PipelineException.permanent(
        "a message of pglogical cannot be read: " + reason + " ('" + (char) type + "')",
        "The extension speaks a protocol this version does not know: report it with its version.",
        null);
  }
}
