package io.dynapipe.sink.cratedb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.json.JsonbSpelling;
import io.dynapipe.sink.cratedb.CrateType.Policy;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonEncoderTest {

  private static final Column JSONB =
      new Column("v", DataType.STRING, null, true, "jsonb", null, null);
  private static final Column UNKNOWN = Column.of("v", DataType.STRING);

  private static ValueEncoder.Fit fit(CrateType type, Column source, String json) {
    Row row = new RowBuilder().begin(ColumnNames.of("v")).addText(json).build();
    JsonBuffer out = new JsonBuffer(64);
    ValueEncoder.Fit fit = new JsonEncoder(type, source).encode(out, row, 0);
    assertThat(out).hasToString(fit == ValueEncoder.Fit.NOT ? "" : json);
    return fit;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {\"a\" : null}",
        "{\"a\":[1,\"x\",null,[2],{\"b\":1.5}]}",
        "{\"a.b\":1,\"c[d\":2,\"e\\nf\":3,\"\":4,\"_id\":5}",
        "{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
        "{\"a\":0.1,\"b\":1e300,\"c\":-0.0}",
        "{\"a\":\"\\u0000\\ud83d\\ude00\\\\u\"}",
      })
  void documentsFitIgnoredObjectsWhateverTheirMembers(String json) {
    assertThat(fit(CrateType.OBJECT_IGNORED, JSONB, json))
        .isIn(ValueEncoder.Fit.EXACT, ValueEncoder.Fit.RESPELLED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "true",
        "42",
        "[]",
        "\"{}\"",
        "{\"v\":1} x",
        "{\"v\":",
        "{\"v\":92233720368547758079}",
        "{\"v\":{\"w\":[0.1234567890123456789012345]}}",
        "{\"v\":1e400}",
        "{\"v\":-0}",
        "{\"v\":1,\"v\":1}",
        "{\"v\":\"\\ud800\"}",
        "{\"v\":\"\\udc00\\ud83d\"}",
        "{\"\\udc00\":1}",
      })
  void whatIsNoObjectOrWouldChangeDoesNotFit(String json) {
    assertThat(fit(CrateType.OBJECT_IGNORED, JSONB, json)).isEqualTo(ValueEncoder.Fit.NOT);
  }

  @Test
  void documentsKeepTheirSpellingBeside() {
    assertThat(fit(CrateType.OBJECT_IGNORED, UNKNOWN, "{\"a\": 1, \"bb\": [true, null]}"))
        .isEqualTo(ValueEncoder.Fit.EXACT);
    for (String other :
        new String[] {
          "{\"a\":1}",
          "{\"a\": 1 }",
          "{\"bb\": 1, \"a\": 2}",
          "{\"a\": 1.0}",
          "{\"a\": 1e2}",
          "{\"a\": \"\\u0041\"}",
          "{\"a\": \"\\/\"}",
          "{\"a\": [1,2]}"
        }) {
      assertThat(fit(CrateType.OBJECT_IGNORED, UNKNOWN, other))
          .as(other)
          .isEqualTo(ValueEncoder.Fit.CUT);
      assertThat(fit(CrateType.OBJECT_IGNORED, JSONB, other))
          .as(other)
          .isEqualTo(ValueEncoder.Fit.RESPELLED);
    }
  }

  @Test
  void typedMembersTakeTheirTypeOnly() {
    CrateType type =
        CrateType.object(
            Policy.DYNAMIC,
            Map.of(
                "i",
                CrateType.BIGINT,
                "d",
                CrateType.DOUBLE,
                "s",
                CrateType.TEXT,
                "b",
                CrateType.BOOLEAN,
                "l",
                CrateType.array(CrateType.INTEGER),
                "o",
                CrateType.object(Policy.DYNAMIC, Map.of("x", CrateType.TEXT))));
    for (String good :
        new String[] {
          "{\"i\":1,\"d\":55,\"s\":\"x\",\"b\":true,\"l\":[1,null],\"o\":{\"x\":\"y\"}}",
          "{\"i\":null,\"l\":[],\"o\":{}}"
        }) {
      assertThat(fit(type, JSONB, good)).as(good).isEqualTo(ValueEncoder.Fit.RESPELLED);
    }
    for (String bad :
        new String[] {
          "{\"i\":61.5}",
          "{\"i\":\"1\"}",
          "{\"i\":9223372036854775807}",
          "{\"d\":\"NaN\"}",
          "{\"s\":1}",
          "{\"s\":{\"a\":1}}",
          "{\"b\":1}",
          "{\"l\":5}",
          "{\"l\":[1,\"2\"]}",
          "{\"l\":[1,2.7]}",
          "{\"o\":\"{}\"}",
          "{\"o\":{\"x\":1}}",
          "{\"new\":1}"
        }) {
      assertThat(fit(type, JSONB, bad)).as(bad).isEqualTo(ValueEncoder.Fit.NOT);
    }
  }

  @Test
  void arraysFitArrayColumns() {
    CrateType type = CrateType.array(CrateType.array(CrateType.INTEGER));
    assertThat(fit(type, JSONB, "[[1], [], [2, 3]]")).isEqualTo(ValueEncoder.Fit.EXACT);
    assertThat(fit(type, JSONB, "[1]")).isEqualTo(ValueEncoder.Fit.NOT);
    assertThat(fit(type, JSONB, "{}")).isEqualTo(ValueEncoder.Fit.NOT);
  }

  @Test
  void nestingBeyondWhatCrateReadsDoesNotFit() {
    String deep = "{\"a\":".repeat(950) + "1" + "}".repeat(950);
    assertThat(fit(CrateType.OBJECT_IGNORED, JSONB, deep)).isEqualTo(ValueEncoder.Fit.NOT);
  }

  @Test
  void theQuickLookPassesNothingThatTheParserRefuses() {
    String[] documents = {
      "{}",
      "{\"v\": 0, \"zip\": 10001, \"city\": \"Berlin\"}",
      "{\"a\": null, \"b\": true, \"c\": false, \"d\": [1, -20, []], \"e\": {\"f\": {}}}",
      "{\"a\": \"\\\"\\\\\\b\\f\\n\\r\\t\", \"b\": -123456789012345678}"
    };
    byte[] signs = "{}[]\"\\:, 0123456789-+.eEtrufalsn/b\t\n\u007f\u00e4".getBytes(ISO_8859_1);
    Random random = new Random(7);
    int passed = 0;
    for (String document : documents) {
      assertThat(isPlain(document.getBytes(UTF_8))).as(document).isTrue();
      for (int round = 0; round < 50_000; round++) {
        byte[] changed = document.getBytes(UTF_8);
        for (int change = random.nextInt(3); change >= 0; change--) {
          int at = random.nextInt(changed.length);
          int from = random.nextInt(changed.length);
          changed[at] = random.nextBoolean() ? signs[random.nextInt(signs.length)] : changed[from];
        }
        if (isPlain(changed)) {
          passed++;
          String text = new String(changed, UTF_8);
          assertThat(JsonEncoder.holds(changed, 0, changed.length, CrateType.OBJECT_IGNORED))
              .as(text)
              .isTrue();
          assertThat(JsonbSpelling.matches(changed, 0, changed.length)).as(text).isTrue();
        }
      }
    }
    assertThat(passed).isGreaterThan(10_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 1.5}",
        "{\"a\": 1234567890123456789}",
        "{\"a\": \"ü\"}",
        "{\"a\": \"\u0001\"}",
        "{\"a\": -0}",
        "{\"a\": 01}",
        "{\"a\": 1, \"a\": 2}",
        "{\"b\": 1, \"a\": 2}",
        "{\"a\": nulL}",
        "[{}]"
      })
  void whatNeedsMoreThanAQuickLookIsNotPlain(String json) {
    assertThat(isPlain(json.getBytes(UTF_8))).isFalse();
  }

  private static boolean isPlain(byte[] json) {
    return JsonbSpelling.isPlainObject(json, 0, json.length);
  }
}
