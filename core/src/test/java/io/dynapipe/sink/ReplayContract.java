package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableOperation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Applying any part of a stream again ends in the same rows. */
interface ReplayContract extends ContractFixture {

  TestTable PEOPLE = TestTable.people();

  @Test
  default void replayingFromAnyBatchAnyNumberOfTimesEndsInTheSameRows() {
    List<List<RowWrite>> batches =
        List.of(
            List.of(PEOPLE.put(1, "a", 1, "[1]"), PEOPLE.put(2, "b", 2, "[2]")),
            List.of(PEOPLE.merge(1, "aa", 1, UNCHANGED), PEOPLE.put(3, "c", 3, "{}")),
            List.of(PEOPLE.delete(2), PEOPLE.move(3, 4, "d", 3, UNCHANGED)),
            List.of(PEOPLE.put(2, "again", 2, null), PEOPLE.merge(4, UNCHANGED, 5, UNCHANGED)),
            List.of(PEOPLE.move(4, 3, "back", 5, UNCHANGED), PEOPLE.delete(1)),
            List.of(PEOPLE.put(1, "e", 6, "{\"z\": null}")));
    create(PEOPLE);
    batches.forEach(batch -> write(PEOPLE, batch));
    List<String> once = probe().rows(PEOPLE.schema());
    assertThat(once)
        .containsExactly(
            PEOPLE.expected(
                PEOPLE.row(1, "e", 6, "{\"z\": null}"),
                PEOPLE.row(2, "again", 2, null),
                PEOPLE.row(3, "back", 5, "{}")));

    for (int from = 0; from < batches.size(); from++) {
      for (int time = 0; time < 3; time++) {
        batches.subList(from, batches.size()).forEach(batch -> write(PEOPLE, batch));
        assertThat(probe().rows(PEOPLE.schema())).as("replay from batch %d", from).isEqualTo(once);
      }
    }
  }

  @Test
  default void replayingAStreamWithTableChangesEndsInTheSameRows() {
    Column note = TestTable.column("note", DataType.STRING, "text");
    TestTable wide = PEOPLE.plus(note);
    List<Runnable> stream =
        List.of(
            () -> sink().apply(PEOPLE.drop()),
            () -> sink().apply(PEOPLE.create()),
            () -> write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"), PEOPLE.put(2, "b", 2, "[2]")),
            () -> sink().apply(PEOPLE.truncate()),
            () -> write(PEOPLE, PEOPLE.put(2, "c", 3, "[3]"), PEOPLE.put(3, "d", 4, "[4]")),
            () -> sink().apply(wide.change(TableOperation.ADD_COLUMN)),
            () ->
                write(
                    wide, wide.put(4, "e", 5, null, "new"), wide.merge(2, "cc", 3, UNCHANGED, "n")),
            () -> write(wide, wide.delete(3)));
    for (int time = 0; time < 3; time++) {
      stream.forEach(Runnable::run);
      assertRows(wide, wide.row(2, "cc", 3, "[3]", "n"), wide.row(4, "e", 5, null, "new"));
    }
    for (int from = 1; from < stream.size(); from++) {
      stream.subList(from, stream.size()).forEach(Runnable::run);
      assertRows(wide, wide.row(2, "cc", 3, "[3]", "n"), wide.row(4, "e", 5, null, "new"));
      reopen();
    }
  }
}
