package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Row;
import java.util.List;
import java.util.Set;

/** What the topics of {@link SinkContract} share. */
interface ContractFixture {

  /** The layout under test. */
  Layout layout();

  /** Labels of the {@link ExtremeValue}s that neither the target's data nor its aux can hold. */
  default Set<String> refusedValues() {
    return Set.of();
  }

  /** Key values that the target's key column cannot hold. */
  default Set<Object> refusedKeys() {
    return Set.of();
  }

  TargetProbe probe();

  Sink sink();

  /** Closes the sink and opens another on the same target, as a restart does. */
  void reopen();

  /** Writes of which none may fail. */
  default void write(TestTable table, RowWrite... writes) {
    write(table, List.of(writes));
  }

  default void write(TestTable table, List<RowWrite> writes) {
    assertThat(sink().write(table.name(), writes)).as("failed writes").isEmpty();
  }

  default void create(TestTable table) {
    sink().apply(table.create());
  }

  /** The target's table holds exactly these rows. */
  default void assertRows(TestTable table, Row... rows) {
    assertThat(probe().rows(table.schema())).containsExactly(table.expected(rows));
  }
}
