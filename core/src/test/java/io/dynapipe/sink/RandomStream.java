package io.dynapipe.sink;

import io.dynapipe.dms.DmsEncoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.Partition;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.ValueKind;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A random stream over three tables (an integer key, a text key, no key) as a source would send it,
 * and the rows that it has to end in.
 */
public final class RandomStream {

  /** Some values fit their columns, some do not fit those of any target. */
  private static final List<String> DOCUMENTS =
      List.of("{\"a\": 1}", "{}", "[1, 2]", "null", "{\"n\": 0.12345678901234567890}");

  private static final DmsEncoder ENCODER = new DmsEncoder(DmsSettings.defaults());

  private static final Partition PARTITION =
      new Partition(PartitionType.SCHEMA_TABLE, null, "contract.all");

  /** A table with the rows it has now, by key; without a key by number. */
  private static final class Table {
    private TestTable shape;
    private final Map<Object, @Nullable Object[]> rows = new TreeMap<>();
    private int extra;

    Table(TestTable shape) {
      this.shape = shape;
    }
  }

  private final Random random;
  private final List<StoredRecord> records = new ArrayList<>();
  private final List<Table> tables =
      List.of(
          new Table(table("numbers", List.of("k"), DataType.INT32, "int4")),
          new Table(table("texts", List.of("k"), DataType.STRING, "text")),
          new Table(table("keyless", List.of(), DataType.INT32, "int4")));
  private int rowNumber;

  public RandomStream(long seed, int events) {
    random = new Random(seed);
    tables.forEach(table -> add(table.shape.create()));
    while (records.size() < events) {
      step(tables.get(random.nextInt(tables.size())));
    }
  }

  private static TestTable table(String name, List<String> key, DataType type, String source) {
    return TestTable.of(
        name,
        key,
        TestTable.column("k", type, source),
        TestTable.column("v", DataType.INT64, "int8"),
        TestTable.column("j", DataType.STRING, "jsonb"));
  }

  /** The records in order, of one shard. */
  public List<StoredRecord> records() {
    return records;
  }

  public List<TestTable> tables() {
    return tables.stream().map(table -> table.shape).toList();
  }

  /** The rows that a table has to hold after all records. */
  public Row[] rows(int table) {
    Table it = tables.get(table);
    return it.rows.values().stream().map(it.shape::row).toArray(Row[]::new);
  }

  private void add(ChangeEvent event) {
    records.add(record(event, records.size() + 1L));
  }

  /** Records of one shard. */
  public static List<StoredRecord> records(List<ChangeEvent> events) {
    List<StoredRecord> records = new ArrayList<>();
    events.forEach(event -> records.add(record(event, records.size() + 1L)));
    return records;
  }

  private static StoredRecord record(ChangeEvent event, long number) {
    return new StoredRecord(
        "0", SequenceNumber.of(number), "key", ENCODER.encode(event, PARTITION), 0);
  }

  private Origin now() {
    return Origin.at(1_700_000_000_000_000L + records.size());
  }

  private void step(Table table) {
    int dice = random.nextInt(100);
    if (dice < 2) {
      table.rows.clear();
      add(table.shape.truncate());
    } else if (dice < 4 && table.extra < 3) {
      widen(table);
    } else if (table.rows.isEmpty() || dice < 40) {
      insert(table);
    } else {
      change(table, dice);
    }
  }

  private void widen(Table table) {
    Column column = TestTable.column("x" + table.extra++, DataType.DOUBLE, "float8");
    table.shape = table.shape.plus(column);
    table.rows.replaceAll((key, row) -> java.util.Arrays.copyOf(row, row.length + 1));
    add(table.shape.change(TableOperation.ADD_COLUMN));
  }

  private void insert(Table table) {
    @Nullable Object[] row = values(table, key(table));
    boolean keyless = table.shape.schema().primaryKey().isEmpty();
    Object key = keyless ? rowNumber++ : row[0];
    if (table.rows.putIfAbsent(key, row) == null) {
      boolean load = random.nextInt(4) == 0;
      Row sent = table.shape.row(row);
      add(
          load
              ? RowChange.load(table.shape.name(), sent, now())
              : RowChange.insert(table.shape.name(), sent, now()));
    }
  }

  private Object key(Table table) {
    int number = random.nextInt(8);
    boolean text = table.shape.schema().columns().get(0).type() == DataType.STRING;
    return text ? "key " + number : (Object) number;
  }

  private @Nullable Object[] values(Table table, Object key) {
    @Nullable Object[] row = new Object[table.shape.schema().columns().size()];
    row[0] = key;
    row[1] = random.nextInt(10) == 0 ? Long.MAX_VALUE : random.nextInt(3);
    row[2] = random.nextInt(4) == 0 ? null : DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
    for (int i = 3; i < row.length; i++) {
      row[i] = random.nextInt(3) == 0 ? null : random.nextInt(4) / 2.0;
    }
    return row;
  }

  private void change(Table table, int dice) {
    List<Object> keys = new ArrayList<>(table.rows.keySet());
    Object key = keys.get(random.nextInt(keys.size()));
    @Nullable Object[] old = java.util.Objects.requireNonNull(table.rows.get(key));
    boolean keyless = table.shape.schema().primaryKey().isEmpty();
    if (dice < 60) {
      table.rows.remove(key);
      add(RowChange.delete(table.shape.name(), oldRow(table, old), now()));
      return;
    }
    @Nullable Object[] row = values(table, old[0]);
    if (!keyless && dice < 75) {
      Object other = key(table);
      if (!table.rows.containsKey(other)) {
        row[0] = other;
      }
    }
    // A large value that the update did not touch; a source never leaves out a NULL.
    boolean unchanged = !keyless && old[2] != null && random.nextInt(2) == 0;
    if (unchanged && !old[0].equals(row[0])) {
      // To a key that no row had before: a replay which begins between a delete of that key's row
      // and this move has the large value nowhere, neither in the stream nor in the target.
      row[0] = old[0] instanceof String ? "new key " + rowNumber++ : (Object) (100 + rowNumber++);
    }
    @Nullable Object[] sent = row.clone();
    if (unchanged) {
      row[2] = old[2];
      sent[2] = ValueKind.UNCHANGED;
    }
    table.rows.remove(key);
    table.rows.put(keyless ? key : row[0], row);
    boolean moved = !old[0].equals(row[0]);
    ColumnNames names = ColumnNames.of("k");
    Row before =
        keyless
            ? table.shape.row(old)
            : moved ? TestTable.rowOf(names, old[0]) : TestTable.rowOf(ColumnNames.of());
    add(RowChange.update(table.shape.name(), table.shape.row(sent), before, now()));
  }

  /** What a delete tells: the key, or without one the whole row. */
  private static Row oldRow(Table table, @Nullable Object[] old) {
    if (table.shape.schema().primaryKey().isEmpty()) {
      return table.shape.row(old);
    }
    @Nullable Object[] key = new Object[old.length];
    key[0] = old[0];
    return table.shape.row(key);
  }
}
