package io.dynapipe.dms;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DmsDecoderTest {

  private static final String FOO =
      "\"metadata\":{\"operation\":\"insert\",\"schema-name\":\"public\",\"table-name\":\"foo\"}";

  private final DmsDecoder decoder = new DmsDecoder();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello | here: not JSON: ",
        "`` | here: not a DMS message: the record is not a JSON object",
        "[] | the record is not a JSON object",
        "{\"data\":{\"id\":1} | here: not JSON: Unexpected end-of-input",
        "{\"data\":{\"id\":1}} | 'metadata' is missing",
        "{\"metadata\":[]} | 'metadata' is not an object",
        "{\"metadata\":{}} | 'metadata.operation' is missing",
        "{\"metadata\":{\"operation\":7}} | 'metadata.operation' is not a string",
        "{\"metadata\":{\"operation\":\"merge\",\"table-name\":\"t\"}} | unknown operation 'merge'",
        "{\"metadata\":{\"operation\":\"load\",\"table-name\":\"t\"}} | 'data' is missing",
        "{\"data\":7,\"metadata\":{\"operation\":\"load\"}} | 'data' is not an object",
        "{\"data\":{},\"metadata\":{\"operation\":\"load\"}} | 'metadata.table-name' is missing",
        "{\"data\":{\"a\":1,\"a\":2},\"metadata\":{\"operation\":\"load\",\"table-name\":\"t\"}}"
            + " | column 'a' occurs twice",
        "{\"data\":{\"a\":1},\"metadata\":{\"operation\":\"update\",\"table-name\":\"t\","
            + "\"unchanged-columns\":[\"a\"]}} | column 'a' occurs twice",
        "{\"metadata\":{\"operation\":\"load\",\"record-type\":\"control\"}}"
            + " | operation 'load' in a record of type 'control'",
        "{\"metadata\":{\"timestamp\":\"yesterday\"}} | is not a time: 'yesterday'",
        "{\"data\":{\"a\":\"\\ud83d\"}} | half of a surrogate pair",
        "{\"data\":{\"a\":\"\\ude00\"}} | half of a surrogate pair",
        "{\"data\":{\"\\ud83d\":1}} | surrogate pair",
        "{\"control\":7,\"metadata\":{\"operation\":\"drop-table\",\"table-name\":\"t\"}}"
            + " | 'control' is not an object",
        "{\"control\":{\"table-def\":{}},"
            + "\"metadata\":{\"operation\":\"create-table\",\"table-name\":\"t\"}}"
            + " | 'control.table-def' has no columns",
        "{\"control\":{\"table-def\":{\"columns\":{\"a\":{\"type\":\"MONEY\"}}}},"
            + "\"metadata\":{\"operation\":\"create-table\",\"table-name\":\"t\"}}"
            + " | column 'a' has the unknown type 'MONEY'",
        "{\"control\":{\"table-def\":{\"columns\":{\"a\":{\"type\":\"BOOL\"}},"
            + "\"primary-key\":[\"b\"]}},"
            + "\"metadata\":{\"operation\":\"create-table\",\"table-name\":\"t\"}}"
            + " | primary key column 'b'",
        "{\"data\":{}," + FOO + "}{} | there is more after the JSON object",
      })
  void whatIsNoMessageIsRefusedWithPlaceCauseAndCure(String record, String cause) {
    PipelineException refusal = DmsSamples.refusal(record);
    assertThat(refusal).hasMessageStartingWith("here: ").hasMessageContaining(cause.strip());
    assertThat(refusal.kind()).isEqualTo(PipelineException.Kind.PERMANENT);
    assertThat(refusal.cure()).isNotBlank();
  }

  @Test
  void otherEncodingsThanUtf8AreRefused() {
    String record = "{\"data\":{}," + FOO + "}";
    assertThat(DmsSamples.refusal(record.getBytes(UTF_16LE))).hasMessageContaining("not UTF-8");
    byte[] latin1 = "{\"data\":{\"a\":\"?\"}}".getBytes(UTF_8);
    latin1[14] = (byte) 0xE4;
    assertThat(DmsSamples.refusal(latin1)).hasMessageContaining("UTF-8");
  }

  @Test
  void aRefusedRecordLeavesNothingBehindForTheNext() {
    byte[] broken = "{\"x\":1,\"data\":{\"a\":1},\"metadata\":{\"y\":2}".getBytes(UTF_8);
    assertThat(catchRefusal(broken)).isNotNull();
    RowChange next = decode("{\"data\":{\"id\":1}," + FOO + "}");
    assertThat(next.row().columns().asList()).containsExactly("id");
    assertThat(next.extras().record()).isEmpty();
    assertThat(next.extras().metadata()).isEmpty();
  }

  @Test
  void numbersKeepEveryDigit() {
    String digits = "1234567890".repeat(100);
    RowChange change =
        decode("{\"data\":{\"a\":-%s.%s,\"b\":1.50E+0007},%s}".formatted(digits, digits, FOO));
    assertThat(change.row().text("a")).isEqualTo("-" + digits + "." + digits);
    assertThat(change.row().text("b")).isEqualTo("1.50E+0007");
    assertThat(change.row().kind("b")).isEqualTo(ValueKind.NUMBER);
  }

  @Test
  void aValueOfSixtyMegabytesIsRead() {
    byte[] value = new byte[60_000_000];
    Arrays.fill(value, (byte) 'x');
    byte[] record =
        new JsonBuffer(value.length + 500)
            .raw("{\"data\":{\"a\":")
            .string(value, 0, value.length)
            .raw("}," + FOO + "}")
            .toBytes();
    Row row = ((RowChange) decoder.decode(record, "here")).row();
    assertThat(row.length(0)).isEqualTo(value.length);
  }

  @Test
  void deeplyNestedDocumentsAreTextAndEndlessNestingIsRefused() {
    String nested = "[".repeat(5000) + "]".repeat(5000);
    assertThat(decode("{\"data\":{\"a\":" + nested + "}," + FOO + "}").row().text("a"))
        .isEqualTo(nested);
    assertThat(DmsSamples.refusal("{\"data\":{\"a\":" + "[".repeat(1_000_000)))
        .hasMessageContaining("nesting depth");
  }

  @Test
  void rowsOfOneShapeShareTheirColumnNames() {
    RowChange one = decode("{\"data\":{\"a\":1,\"b\":2}," + FOO + "}");
    RowChange other = decode("{\"data\":{\"b\":1,\"a\":2}," + FOO + "}");
    RowChange again = decode("{\"data\":{\"a\":3,\"b\":null}," + FOO + "}");
    assertThat(again.row().columns()).isSameAs(one.row().columns());
    assertThat(other.row().columns()).isNotEqualTo(one.row().columns());
    assertThat(again.table()).isSameAs(one.table());
  }

  @Test
  void aByteOrderMarkAndBlanksAroundTheRecordAreNoHarm() {
    assertThat(decode("\uFEFF \n{\"data\":{\"a\":1}," + FOO + "}\r\n").row().text("a"))
        .isEqualTo("1");
  }

  @Test
  void theBeforeImageMayHaveAnotherName() {
    String update = "{\"data\":{\"a\":1},\"BI\":{\"a\":0}," + FOO.replace("insert", "update") + "}";
    RowChange named = (RowChange) new DmsDecoder("BI").decode(update.getBytes(UTF_8), "here");
    assertThat(named.before()).isNotNull();
    assertThat(decode(update).before()).isNull();
    assertThat(decode(update).extras().record()).containsEntry("BI", "{\"a\":0}");
  }

  private RowChange decode(String json) {
    return (RowChange) decoder.decode(json.getBytes(UTF_8), "here");
  }

  private PipelineException catchRefusal(byte[] record) {
    try {
      throw new AssertionError("accepted: " + decoder.decode(record, "here"));
    } catch (PipelineException refusal) {
      return refusal;
    }
  }
}
