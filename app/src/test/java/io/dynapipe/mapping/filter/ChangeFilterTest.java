package io.dynapipe.mapping.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.ColumnFilter;
import io.dynapipe.mapping.rule.FilterCondition;
import io.dynapipe.mapping.rule.FilterOperator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filter: {@code dept = 'tech'} on a table (id, dept, cv) with the key id. */
final class ChangeFilterTest {

  private static final TableName TABLE = new TableName("public", "people");
  private static final TableSchema SCHEMA =
      new TableSchema(
          TABLE,
          List.of(
              Column.of("id", DataType.INT32),
              new Column("dept", DataType.STRING, 10, true, "character varying(10)", null, null),
              new Column("cv", DataType.STRING, null, true, "text", null, null)),
          List.of("id"));
  private static final ColumnNames NAMES = SCHEMA.columnNames();
  private static final Origin ORIGIN = Origin.at(1);

  private final ChangeFilter filter =
      new ChangeFilter(
          RowFilter.of(
              List.of(
                  new ColumnFilter(
                      "dept", List.of(new FilterCondition(FilterOperator.EQ, "tech", "")))),
              SCHEMA,
              "",
              new Problems("", "")),
          SCHEMA);

  @Test
  void geometriesAreNotComparedSinceTheServerHasThemInAnotherText() {
    Column shape =
        new Column("shape", DataType.STRING, null, true, "public.geometry(Point,4326)", null, null);
    TableSchema places = new TableSchema(TABLE, List.of(shape), List.of());
    Problems problems = new Problems("mappings", "correct them");
    RowFilter.of(
        List.of(
            new ColumnFilter(
                "shape", List.of(new FilterCondition(FilterOperator.EQ, "POINT(1 2)", "")))),
        places,
        "rule 1",
        problems);
    assertThatThrownBy(problems::throwIfAny)
        .hasMessageContaining("public.geometry(Point,4326) cannot be compared");
    String notNull =
        RowFilter.of(
                List.of(
                    new ColumnFilter(
                        "shape", List.of(new FilterCondition(FilterOperator.NOTNULL, "", "")))),
                places,
                "rule 1",
                new Problems("", ""))
            .sql();
    assertThat(notNull).isEqualTo("(\"shape\" IS NOT NULL)");
  }

  @Test
  void passesAndDropsNewRows() {
    RowChange wanted = RowChange.insert(TABLE, row("1", "tech", "cv"), ORIGIN);
    RowChange other = RowChange.load(TABLE, row("2", "sales", "cv"), ORIGIN);

    assertThat(filter.apply(wanted)).isSameAs(wanted);
    assertThat(filter.apply(other)).isNull();
  }

  @Test
  void keepsAnUpdateOfARowThatWasAndIsIn() {
    RowChange update =
        RowChange.update(TABLE, row("1", "tech", null), row("1", "tech", "old"), ORIGIN);

    assertThat(filter.apply(update)).isSameAs(update);
  }

  @Test
  void deletesARowThatAnUpdateMovesOut() {
    RowChange update =
        RowChange.update(TABLE, row("2", "sales", "cv"), row("1", "tech", "cv"), ORIGIN);

    RowChange mapped = filter.apply(update);

    assertThat(mapped.operation()).isEqualTo(RowOperation.DELETE);
    assertThat(mapped.row().text("id")).isEqualTo("1");
    assertThat(mapped.origin()).isSameAs(ORIGIN);
  }

  @Test
  void deletesByTheUnchangedKeyWhenTheOldRowIsNotTold() {
    RowChange mapped = filter.apply(RowChange.update(TABLE, row("7", "sales", "cv"), null, ORIGIN));

    assertThat(mapped.operation()).isEqualTo(RowOperation.DELETE);
    assertThat(mapped.row().text("id")).isEqualTo("7");
    assertThat(mapped.row().kind("cv")).isEqualTo(ValueKind.ABSENT);
  }

  @Test
  void insertsARowThatAnUpdateMovesIn() {
    RowChange update =
        RowChange.update(TABLE, row("1", "tech", "cv"), row("1", "sales", "cv"), ORIGIN);

    RowChange mapped = filter.apply(update);

    assertThat(mapped.operation()).isEqualTo(RowOperation.INSERT);
    assertThat(mapped.row()).isSameAs(update.row());
  }

  @Test
  void dropsAnUpdateOfARowThatWasAndIsOut() {
    assertThat(
            filter.apply(
                RowChange.update(TABLE, row("1", "hr", "cv"), row("1", "sales", "cv"), ORIGIN)))
        .isNull();
  }

  @Test
  void keepsAnUpdateWhoseOldRowIsNotToldWhenTheNewRowIsWhole() {
    RowChange update = RowChange.update(TABLE, row("1", "tech", "cv"), null, ORIGIN);

    assertThat(filter.apply(update)).isSameAs(update);
  }

  @Test
  void stopsWhenARowMayHaveMovedInWithoutItsLargeValue() {
    Row partial = new RowBuilder().begin(NAMES).addNumber(1).addText("tech").addUnchanged().build();

    assertThatThrownBy(() -> filter.apply(RowChange.update(TABLE, partial, null, ORIGIN)))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e ->
                assertThat(e.cure())
                    .contains("ALTER TABLE \"public\".\"people\" REPLICA IDENTITY FULL"))
        .hasMessageContaining("column 'cv'");
  }

  @Test
  void looksUpAnUnchangedValueInTheOldRow() {
    Row partial = new RowBuilder().begin(NAMES).addNumber(1).addUnchanged().addText("new").build();

    RowChange update = RowChange.update(TABLE, partial, row("1", "sales", "cv"), ORIGIN);
    assertThat(filter.apply(update)).isNull();
    assertThatThrownBy(() -> filter.apply(RowChange.update(TABLE, partial, null, ORIGIN)))
        .isInstanceOf(PipelineException.class);
  }

  @Test
  void passesADeleteUnlessTheOldRowIsKnownToBeOut() {
    Row keyOnly = new RowBuilder().begin(NAMES).addNumber(1).addAbsent().addAbsent().build();
    RowChange delete = RowChange.delete(TABLE, keyOnly, ORIGIN);

    assertThat(filter.apply(delete)).isSameAs(delete);
    assertThat(filter.apply(RowChange.delete(TABLE, row("1", "sales", "cv"), ORIGIN))).isNull();
  }

  @Test
  void needsOldRowsUnlessItFiltersByTheKey() {
    assertThat(filter.needsOldRows()).isTrue();
  }

  private static Row row(String id, String dept, String cv) {
    RowBuilder row = new RowBuilder().begin(NAMES).addNumber(id).addText(dept);
    return (cv == null ? row.addNull() : row.addText(cv)).build();
  }
}
