package io.dynapipe.dms;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsSettings.Flag;
import io.dynapipe.dms.DmsSettings.MessageFormat;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.Transaction;
import io.dynapipe.json.JsonBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DmsEncoderTest {

  private static final TableName FOO = new TableName("public", "foo");
  private static final Partition BY_KEY =
      new Partition(PartitionType.PRIMARY_KEY, "public.foo.1", "public.foo.1");
  private static final Partition BY_TASK =
      new Partition(PartitionType.TASK_ID, "TASK", "TASK.public.foo");
  private static final Origin ORIGIN =
      new Origin(
          1_722_214_724_000_000L,
          new Transaction(1140, 1_722_214_724_000_001L, 1139L, 2L),
          1,
          StreamPosition.parse("00000002/7C007328.2.00000002/7C007328"));

  @Test
  void theAwsDefaultsGiveThePoorestMessageInTabs() {
    RowChange update = RowChange.update(FOO, row(), null, ORIGIN);
    assertThat(DmsSamples.encode(update, BY_KEY, DmsSettings.awsDefaults()))
        .isEqualTo(DmsSamples.text("aws-defaults-update.json").stripTrailing());
    assertThat(DmsSamples.encode(create(), BY_TASK, DmsSettings.awsDefaults()))
        .isEqualTo(DmsSamples.text("aws-defaults-create-table.json").stripTrailing());
  }

  @Test
  void theFormattedMessageHoldsAllThatTheOtherDoes() {
    DmsSettings formatted = DmsSettings.defaults().with(MessageFormat.JSON);
    RowChange update = RowChange.update(FOO, row(), noColumns(), ORIGIN);
    assertThat(DmsSamples.encode(update, BY_KEY, formatted))
        .isEqualTo(DmsSamples.text("formatted-update.json").stripTrailing());
    assertThat(DmsSamples.encode(create(), BY_TASK, formatted))
        .isEqualTo(DmsSamples.text("formatted-create-table.json").stripTrailing());
  }

  @Test
  void absentColumnsAreLeftOutExceptInADelete() {
    Row absent =
        new RowBuilder()
            .begin(ColumnNames.of("a", "id", "b"))
            .addAbsent()
            .addNumber(1)
            .addAbsent()
            .build();
    DmsSettings withoutNulls = DmsSettings.defaults().with(Flag.INCLUDE_NULL_AND_EMPTY, false);
    assertThat(data(RowChange.insert(FOO, absent, ORIGIN), DmsSettings.defaults()))
        .isEqualTo("{\"id\":1}");
    assertThat(data(RowChange.delete(FOO, absent, ORIGIN), DmsSettings.defaults()))
        .isEqualTo("{\"a\":null,\"id\":1,\"b\":null}");
    assertThat(data(RowChange.delete(FOO, absent, ORIGIN), withoutNulls)).isEqualTo("{\"id\":1}");
  }

  @ParameterizedTest
  @EnumSource(
      value = Flag.class,
      names = {
        "INCLUDE_TRANSACTION_DETAILS",
        "INCLUDE_PARTITION_VALUE",
        "INCLUDE_CONTROL_DETAILS",
        "INCLUDE_NULL_AND_EMPTY"
      })
  void eachFlagTakesAwayItsMembersAndNoOther(Flag flag) {
    DmsSettings off = DmsSettings.defaults().with(flag, false);
    String rowMessage = DmsSamples.encode(RowChange.update(FOO, row(), null, ORIGIN), BY_KEY, off);
    String tableMessage = DmsSamples.encode(create(), BY_TASK, off);
    assertThat(rowMessage.contains("prev-transaction-id"))
        .isEqualTo(flag != Flag.INCLUDE_TRANSACTION_DETAILS);
    assertThat(rowMessage).contains("\"transaction-id\":1140");
    assertThat(rowMessage.contains("partition-key-value"))
        .isEqualTo(flag != Flag.INCLUDE_PARTITION_VALUE);
    assertThat(rowMessage.contains(":null")).isEqualTo(flag != Flag.INCLUDE_NULL_AND_EMPTY);
    assertThat(rowMessage).contains("\"empty\":\"\"");
    assertThat(tableMessage.contains("table-def")).isEqualTo(flag != Flag.INCLUDE_CONTROL_DETAILS);
  }

  @Test
  void changesOfDefinitionsAreSentOnlyWhenWantedButATruncateAlways() {
    DmsSettings off = DmsSettings.defaults().with(Flag.INCLUDE_TABLE_ALTER_OPERATIONS, false);
    ChangeEvent addColumn = TableChange.of(TableOperation.ADD_COLUMN, create().schema(), ORIGIN);
    assertThat(DmsSettings.defaults().emits(addColumn)).isTrue();
    assertThat(off.emits(addColumn)).isFalse();
    assertThat(off.emits(create())).isTrue();
    assertThat(off.emits(TableChange.truncate(FOO, ORIGIN))).isTrue();
    assertThat(off.emits(RowChange.load(FOO, row(), ORIGIN))).isTrue();
  }

  @Test
  void theBeforeImageTakesTheNameThatTheTaskGivesIt() {
    RowChange update = RowChange.update(FOO, row(), noColumns(), ORIGIN);
    assertThat(
            DmsSamples.encode(
                update, BY_KEY, DmsSettings.defaults().withBeforeImageField("old \"row\"")))
        .contains("},\"old \\\"row\\\"\":{},\"metadata\":{");
  }

  @Test
  void messagesAreAppendedToWhatTheBufferHolds() {
    JsonBuffer out = new JsonBuffer(16).raw("[");
    DmsEncoder encoder = new DmsEncoder(DmsSettings.defaults().with(MessageFormat.JSON));
    encoder.encode(create(), BY_TASK, out);
    encoder.encode(RowChange.load(FOO, row(), Origin.at(0)), BY_KEY, out.raw(','));
    assertThat(out.toString()).startsWith("[{\n\t\"control\"").contains("\n},{\n\t\"data\"");
  }

  @Test
  void timestampsHoldAtTheTurnsOfSecondsYearsAndCalendars() {
    TimestampWriter writer = new TimestampWriter();
    long[] instants = {
      0,
      -1,
      1,
      999_999,
      1_000_000,
      -62_135_596_800_000_000L,
      -62_167_219_200_000_000L,
      -62_167_219_200_000_001L,
      253_402_300_799_999_999L,
      253_402_300_800_000_000L,
      951_782_400_000_000L,
      Long.MAX_VALUE,
      Long.MIN_VALUE
    };
    for (long micros : instants) {
      JsonBuffer out = new JsonBuffer(64);
      writer.write(micros, out);
      String text = out.toString();
      assertThat(Timestamps.parse(text.substring(1, text.length() - 1))).as(text).isEqualTo(micros);
    }
  }

  private static String data(RowChange change, DmsSettings settings) {
    String message = DmsSamples.encode(change, BY_KEY, settings);
    return message.substring("{\"data\":".length(), message.indexOf(",\"metadata\""));
  }

  private static Row row() {
    return new RowBuilder()
        .begin(ColumnNames.of("id", "note", "empty", "text", "toast"))
        .addNumber(1)
        .addNull()
        .addText("")
        .addText("{\"a\": [1, 2]}\t\\ \"x\": ü")
        .addUnchanged()
        .build();
  }

  private static Row noColumns() {
    return new RowBuilder().begin(ColumnNames.of()).build();
  }

  private static TableChange create() {
    return TableChange.create(
        new TableSchema(
            FOO,
            List.of(
                new Column("id", DataType.INT32, null, false, "integer", null, null),
                new Column("name", DataType.STRING, 40, true, null, null, null)),
            List.of("id", "name")),
        Origin.at(1_722_214_724_000_000L));
  }
}
