package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableOperation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random streams, cut at random points and replayed from there, end in the rows of the source. */
interface RandomStreamContract extends ContractFixture {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  default void randomStreamsEndInTheRowsOfTheSource(long seed) {
    Source source = new Source(new Random(seed));
    for (int i = 0; i < 80; i++) {
      source.step();
    }
    List<Runnable> stream = source.batches(this);
    Random random = new Random(-seed);

    int at = 0;
    for (int replay = 0; replay < 5; replay++) {
      int cut = at + random.nextInt(stream.size() - at + 1);
      stream.subList(at, cut).forEach(Runnable::run);
      at = random.nextInt(cut + 1);
      if (random.nextBoolean()) {
        reopen();
      }
    }
    stream.subList(at, stream.size()).forEach(Runnable::run);

    assertThat(probe().rows(source.table.schema())).containsExactly(source.expected());
  }

  /** A table at the source, and what happened to it. */
  final class Source {

    private static final int KEYS = 8;

    private final Random random;
    private final Map<Integer, Object[]> rows = new TreeMap<>();
    private final List<Object> stream = new ArrayList<>();
    private TestTable table =
        TestTable.of(
            "random",
            List.of("id"),
            TestTable.column("id", DataType.INT32, "int4"),
            TestTable.column("n", DataType.DOUBLE, "float8"),
            TestTable.column("big", DataType.STRING, "jsonb"));
    private int freshKey = 1_000;

    Source(Random random) {
      this.random = random;
      stream.add(table.create());
    }

    /** Something random happens. */
    void step() {
      int key = random.nextInt(KEYS);
      Object[] row = rows.get(key);
      int choice = random.nextInt(100);
      if (choice < 2) {
        rows.clear();
        stream.add(table.truncate());
      } else if (choice < 4 && table.schema().columns().size() < 6) {
        addColumn();
      } else if (row == null) {
        put(key, row(key));
      } else if (choice < 25) {
        rows.remove(key);
        stream.add(table.delete(key));
      } else if (choice < 45) {
        put(key, row(key));
      } else if (choice < 75) {
        updateWithoutBig(key, row);
      } else if (choice < 90) {
        changeKey(key, row);
      } else {
        moveWithoutBig(key, row);
      }
    }

    private void addColumn() {
      table =
          table.plus(
              TestTable.column("c" + table.schema().columns().size(), DataType.STRING, "text"));
      rows.replaceAll((key, row) -> Arrays.copyOf(row, table.schema().columns().size()));
      stream.add(table.change(TableOperation.ADD_COLUMN));
    }

    private Object[] row(int key) {
      Object[] row = new Object[table.schema().columns().size()];
      row[0] = key;
      row[1] = random.nextInt(4) == 0 ? null : random.nextInt(1_000) / 8.0;
      row[2] = random.nextInt(4) == 0 ? null : "{\"b\": [" + random.nextInt(1_000) + "]}";
      for (int i = 3; i < row.length; i++) {
        row[i] = random.nextBoolean() ? null : "t" + random.nextInt(1_000);
      }
      return row;
    }

    private void put(int key, Object[] row) {
      rows.put(key, row);
      stream.add(table.put(row.clone()));
    }

    private void updateWithoutBig(int key, Object[] row) {
      Object[] changed = row(key);
      changed[2] = UNCHANGED;
      stream.add(table.merge(changed.clone()));
      changed[2] = row[2];
      rows.put(key, changed);
    }

    private void changeKey(int key, Object[] row) {
      int newKey = random.nextInt(KEYS);
      if (rows.containsKey(newKey)) {
        return;
      }
      rows.remove(key);
      stream.add(table.delete(key));
      Object[] moved = row.clone();
      moved[0] = newKey;
      put(newKey, moved);
    }

    /** To a key never used: a replay of crossing moves has no way to tell whose value is whose. */
    private void moveWithoutBig(int key, Object[] row) {
      Object[] moved = row(freshKey++);
      moved[2] = UNCHANGED;
      stream.add(table.move(key, moved.clone()));
      moved[2] = row[2];
      rows.remove(key);
      rows.put((Integer) moved[0], moved);
    }

    /** The stream's batches: up to eight writes, no key twice. */
    List<Runnable> batches(ContractFixture fixture) {
      List<Runnable> batches = new ArrayList<>();
      List<RowWrite> batch = new ArrayList<>();
      Set<Object> keys = new HashSet<>();
      for (Object element : stream) {
        if (element instanceof RowWrite write) {
          boolean repeated = keys.contains(write.key()) || keys.contains(write.previousKey());
          if (repeated || batch.size() == 8) {
            flush(fixture, batches, batch, keys);
          }
          batch.add(write);
          keys.add(write.key());
          keys.add(write.previousKey() == null ? write.key() : write.previousKey());
        } else {
          flush(fixture, batches, batch, keys);
          batches.add(() -> fixture.sink().apply((io.dynapipe.event.TableChange) element));
        }
      }
      flush(fixture, batches, batch, keys);
      return batches;
    }

    private void flush(
        ContractFixture fixture, List<Runnable> batches, List<RowWrite> batch, Set<Object> keys) {
      List<RowWrite> writes = List.copyOf(batch);
      if (!writes.isEmpty()) {
        batches.add(() -> fixture.write(table, writes));
      }
      batch.clear();
      keys.clear();
    }

    String[] expected() {
      return table.expected(rows.values().stream().map(table::row).toArray(Row[]::new));
    }
  }
}
