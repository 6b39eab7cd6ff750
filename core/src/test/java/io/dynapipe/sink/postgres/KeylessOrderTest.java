package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class KeylessOrderTest {

  @Property
  void runsInOrderAreTheWritesInOrder(@ForAll("writes") List<RowWrite> writes) {
    Map<Row, Integer> inOrder = new HashMap<>();
    writes.forEach(write -> apply(write, inOrder));

    Map<Row, Integer> inRuns = new HashMap<>();
    KeylessOrder.runs(writes).forEach(run -> run.forEach(write -> apply(write, inRuns)));

    assertThat(inRuns).isEqualTo(inOrder);
  }

  @Property
  void runsHoldOneKindEachAndEveryWriteOnce(@ForAll("writes") List<RowWrite> writes) {
    List<List<RowWrite>> runs = KeylessOrder.runs(writes);

    assertThat(runs)
        .allSatisfy(run -> assertThat(run.stream().map(RowWrite::kind).distinct()).hasSize(1));
    assertThat(runs.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(writes);
  }

  @Property
  void updatesOfDifferentRowsNeedTwoStatements(@ForAll("rows") List<Row> rows) {
    List<RowWrite> updates =
        rows.stream()
            .distinct()
            .flatMap(
                row ->
                    java.util.stream.Stream.of(
                        RowWrite.removeOne(row, "r" + row),
                        RowWrite.append(changed(row), "a" + row)))
            .toList();

    assertThat(KeylessOrder.runs(updates)).hasSizeLessThanOrEqualTo(2);
  }

  private static Row changed(Row row) {
    return row(-1 - Integer.parseInt(row.text(0)));
  }

  /** A removal that finds no row changes nothing. */
  private static void apply(RowWrite write, Map<Row, Integer> rows) {
    int change = write.kind() == WriteKind.APPEND ? 1 : -1;
    rows.compute(write.row(), (row, count) -> Math.max(0, (count == null ? 0 : count) + change));
  }

  @Provide
  Arbitrary<List<RowWrite>> writes() {
    return Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
        .as(
            (number, append) ->
                append ? RowWrite.append(row(number), "") : RowWrite.removeOne(row(number), ""))
        .list()
        .ofMaxSize(30);
  }

  @Provide
  Arbitrary<List<Row>> rows() {
    return Arbitraries.integers().between(0, 1000).map(KeylessOrderTest::row).list().ofMaxSize(30);
  }

  private static Row row(int number) {
    return new RowBuilder().begin(ColumnNames.of("n")).addNumber(number).build();
  }
}
