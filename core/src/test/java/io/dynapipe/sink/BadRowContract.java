package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row that the target can never hold is reported with its reason and stops no other. */
interface BadRowContract extends ContractFixture {

  TestTable TABLE =
      TestTable.of(
          "bad",
          List.of("k"),
          TestTable.column("k", DataType.STRING, "text"),
          TestTable.column("v", DataType.INT32, "int4"));

  /** A key longer than any index of any target takes. */
  String HUGE_KEY = ExtremeValue.noise(100_000);

  @Test
  default void reportsTheBadRowsOfABatchAndKeepsTheOthers() {
    create(TABLE);
    List<RowWrite> writes = new ArrayList<>();
    List<Row> good = new ArrayList<>();
    List<RowWrite> bad = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      if (i == 0 || i == 499 || i == 500 || i == 999) {
        bad.add(TABLE.put(i + HUGE_KEY, i));
        writes.add(bad.get(bad.size() - 1));
      } else {
        good.add(TABLE.row("k" + i, i));
        writes.add(TABLE.put("k" + i, i));
      }
    }

    List<RowFailure> failures = sink().write(TABLE.name(), writes);

    assertThat(failures).extracting(RowFailure::write).containsExactlyInAnyOrderElementsOf(bad);
    assertThat(failures).allSatisfy(failure -> assertThat(failure.reason()).isNotBlank());
    assertRows(TABLE, good.toArray(new Row[0]));
  }

  @Test
  default void reportsABadRowOfEachKind() {
    create(TABLE);
    write(TABLE, TABLE.put("a", 1), TABLE.put("b", 2));
    List<RowWrite> writes =
        List.of(
            TABLE.put("a", 3),
            TABLE.merge(HUGE_KEY, 1),
            TABLE.move("b", "b" + HUGE_KEY, 2),
            TABLE.merge("c", 4));

    List<RowFailure> failures = sink().write(TABLE.name(), writes);

    assertThat(failures)
        .extracting(RowFailure::write)
        .containsExactlyInAnyOrder(writes.get(1), writes.get(2));
    // The row that could not move stays where it is: the quarantined write can be tried again.
    assertRows(TABLE, TABLE.row("a", 3), TABLE.row("b", 2), TABLE.row("c", 4));
  }

  @Test
  default void aBatchOfBadRowsOnlyIsNoError() {
    create(TABLE);
    assertThat(sink().write(TABLE.name(), List.of(TABLE.put(HUGE_KEY, 1)))).hasSize(1);

    assertRows(TABLE);
  }

  @Test
  default void deletingARowThatCannotExistIsFine() {
    create(TABLE);
    write(TABLE, TABLE.put("a", 1));
    assertThat(sink().write(TABLE.name(), List.of(TABLE.delete("a"), TABLE.delete(HUGE_KEY))))
        .hasSizeLessThan(2);

    assertRows(TABLE);
  }
}
