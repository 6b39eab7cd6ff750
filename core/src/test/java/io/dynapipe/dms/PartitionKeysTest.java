package io.dynapipe.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.dms.DmsSettings.Flag;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.Transaction;
import io.dynapipe.event.ValueKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionKeysTest {

  private static final TableName FOO = new TableName("public", "foo");
  private static final ColumnNames ID = ColumnNames.of("id");
  private static final Origin ORIGIN = Origin.at(0);

  private final PartitionKeys keys = new PartitionKeys("TASKID", DmsSettings.defaults());

  @Test
  void tableChangesGoByTaskAndTable() {
    assertThat(keys.of(TableChange.drop(FOO, ORIGIN)))
        .isEqualTo(new Partition(PartitionType.TASK_ID, "TASKID", "TASKID.public.foo"));
    assertThat(keys.of(TableChange.drop(new TableName("", "awsdms_status"), ORIGIN)).key())
        .isEqualTo("TASKID..awsdms_status");
  }

  @Test
  void rowsGoByTablePrimaryKeyTransactionConstantOrColumn() {
    RowChange load = RowChange.load(FOO, row("id", "42", "name", "John"), ORIGIN);
    assertThat(keys.of(load, ID, PartitionRule.PRIMARY_KEY))
        .isEqualTo(new Partition(PartitionType.PRIMARY_KEY, "public.foo.42", "public.foo.42"));
    assertThat(keys.of(load, ID, PartitionRule.SCHEMA_TABLE))
        .isEqualTo(new Partition(PartitionType.SCHEMA_TABLE, null, "public.foo"));
    assertThat(keys.of(load, ID, PartitionRule.CONSTANT))
        .isEqualTo(new Partition(PartitionType.CONSTANT, "constant", "constant"));
    assertThat(keys.of(load, ID, PartitionRule.attribute("name")))
        .isEqualTo(new Partition(PartitionType.ATTRIBUTE_NAME, "John", "John"));
    Origin inTransaction = new Origin(0, new Transaction(1139, null, null, null), 1, null);
    assertThat(
            keys.of(
                RowChange.insert(FOO, load.row(), inTransaction), ID, PartitionRule.TRANSACTION_ID))
        .isEqualTo(new Partition(PartitionType.TRANSACTION_ID, "1139", "1139"));
  }

  @Test
  void thePrimaryKeyComesWithoutItsTableWhenTheSettingIsOff() {
    PartitionKeys bare =
        new PartitionKeys(
            "T", DmsSettings.defaults().with(Flag.PARTITION_INCLUDE_SCHEMA_TABLE, false));
    RowChange load = RowChange.load(FOO, row("id", "42"), ORIGIN);
    assertThat(bare.of(load, ID, PartitionRule.PRIMARY_KEY).key()).isEqualTo("42");
  }

  @Test
  void theValuesOfACompositeKeyAreJoinedByDotsInKeyOrder() {
    RowChange load = RowChange.load(FOO, row("a", "1", "x", "9", "b", "2"), ORIGIN);
    assertThat(keys.of(load, ColumnNames.of("b", "a"), PartitionRule.PRIMARY_KEY).key())
        .isEqualTo("public.foo.2.1");
  }

  @Test
  void rowsWhoseKeyCannotBeToldGoByTheirTable() {
    Partition byTable = new Partition(PartitionType.SCHEMA_TABLE, null, "public.foo");
    RowChange load = RowChange.load(FOO, row("name", "x"), ORIGIN);
    assertThat(keys.of(load, ColumnNames.of(), PartitionRule.PRIMARY_KEY)).isEqualTo(byTable);
    assertThat(keys.of(load, ID, PartitionRule.PRIMARY_KEY)).isEqualTo(byTable);
    assertThat(keys.of(load, ColumnNames.of("name", "id"), PartitionRule.PRIMARY_KEY))
        .isEqualTo(byTable);
    assertThat(keys.of(load, ID, PartitionRule.attribute("nothing"))).isEqualTo(byTable);
    assertThat(keys.of(load, ID, PartitionRule.TRANSACTION_ID)).isEqualTo(byTable);
    RowChange empty = RowChange.load(FOO, row("id", ""), ORIGIN);
    assertThat(keys.of(empty, ID, PartitionRule.attribute("id"))).isEqualTo(byTable);
  }

  @Test
  void keysBeyondTheStreamsLimitAreCutAndStayApart() {
    String common = "k".repeat(300);
    String one = keyOf(common + "1");
    assertThat(one).hasSize(256).startsWith("public.foo.kkk").matches(".*~[0-9a-f]{32}");
    assertThat(keyOf(common + "1")).isEqualTo(one);
    assertThat(keyOf(common + "2")).isNotEqualTo(one).hasSize(256);
    assertThat(keyOf("k".repeat(245))).isEqualTo("public.foo." + "k".repeat(245));
    assertThat(keyOf("k".repeat(211) + "😀".repeat(100))).hasSize(255).doesNotContain("?");
  }

  @Test
  void anUpdateThatChangesTheKeyBecomesDeleteAndInsert() {
    RowChange update =
        RowChange.update(FOO, row("id", "45", "name", "Jane"), row("id", "46"), ORIGIN);
    List<RowChange> parts = PartitionKeys.split(update, ID);
    assertThat(parts)
        .extracting(RowChange::operation)
        .containsExactly(RowOperation.DELETE, RowOperation.INSERT);
    assertThat(keys.of(parts.get(0), ID, PartitionRule.PRIMARY_KEY).key())
        .isEqualTo("public.foo.46");
    assertThat(parts.get(0).row().kind("name")).isEqualTo(ValueKind.ABSENT);
    assertThat(keys.of(parts.get(1), ID, PartitionRule.PRIMARY_KEY).key())
        .isEqualTo("public.foo.45");
    assertThat(parts.get(1).row()).isEqualTo(update.row());
  }

  @Test
  void thePartOfACompositeKeyThatStayedIsTakenFromTheNewRow() {
    RowChange update =
        RowChange.update(FOO, row("a", "1", "b", "y", "c", "z"), row("b", "x"), ORIGIN);
    Row old = PartitionKeys.split(update, ColumnNames.of("a", "b")).get(0).row();
    assertThat(old.text("a")).isEqualTo("1");
    assertThat(old.text("b")).isEqualTo("x");
    assertThat(old.kind("c")).isEqualTo(ValueKind.ABSENT);
  }

  @Test
  void unchangedColumnsAreFilledFromTheWholeOldRow() {
    RowChange update =
        RowChange.update(FOO, rowWithUnchangedNote("2"), row("id", "1", "note", "long"), ORIGIN);
    List<RowChange> parts = PartitionKeys.split(update, ID);
    assertThat(parts).hasSize(2);
    assertThat(parts.get(1).row().text("note")).isEqualTo("long");
    assertThat(parts.get(0).row().text("note")).isEqualTo("long");
  }

  @Test
  void anUpdateWhoseUnchangedValuesNobodyKnowsStaysOneRecordUnderTheNewKey() {
    RowChange update = RowChange.update(FOO, rowWithUnchangedNote("2"), row("id", "1"), ORIGIN);
    assertThat(PartitionKeys.split(update, ID)).containsExactly(update);
    assertThat(keys.of(update, ID, PartitionRule.PRIMARY_KEY).key()).isEqualTo("public.foo.2");
  }

  @Test
  void otherChangesStayAsTheyAre() {
    Row row = row("id", "1", "name", "x");
    RowChange sameKey = RowChange.update(FOO, row, row("id", "1", "name", "old"), ORIGIN);
    RowChange noImage = RowChange.update(FOO, row, null, ORIGIN);
    RowChange insert = RowChange.insert(FOO, row, ORIGIN);
    assertThat(PartitionKeys.split(sameKey, ID)).containsExactly(sameKey);
    assertThat(PartitionKeys.split(noImage, ID)).containsExactly(noImage);
    assertThat(PartitionKeys.split(insert, ID)).containsExactly(insert);
  }

  @Test
  void rulesWithoutTheirParameterAreRefused() {
    assertThatThrownBy(() -> new PartitionRule(PartitionType.ATTRIBUTE_NAME, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PartitionRule(PartitionType.TASK_ID, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String keyOf(String id) {
    return keys.of(RowChange.load(FOO, row("id", id), ORIGIN), ID, PartitionRule.PRIMARY_KEY).key();
  }

  private static Row row(String... namesAndValues) {
    String[] names = new String[namesAndValues.length / 2];
    for (int i = 0; i < names.length; i++) {
      names[i] = namesAndValues[2 * i];
    }
    RowBuilder row = new RowBuilder().begin(ColumnNames.of(names));
    for (int i = 0; i < names.length; i++) {
      row.addText(namesAndValues[2 * i + 1]);
    }
    return row.build();
  }

  private static Row rowWithUnchangedNote(String id) {
    return new RowBuilder().begin(ColumnNames.of("id", "note")).addText(id).addUnchanged().build();
  }
}
