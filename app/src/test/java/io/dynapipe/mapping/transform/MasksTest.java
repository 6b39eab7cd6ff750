package io.dynapipe.mapping.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.rule.TransformationAction.Mask;
import io.dynapipe.mapping.rule.TransformationAction.MaskKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

final class MasksTest {

  private static final Mask RANDOM = new Mask(MaskKind.DIGITS_RANDOMIZE, '0');

  @Example
  void hashesAsTheGuideShows() {
    Cell cell = cell(ValueKind.TEXT, "C6BGJ566669K");
    Masks.step(new Mask(MaskKind.HASH, '0'), Column.of("c", DataType.STRING)).apply(cell);

    assertThat(cell.text())
        .isEqualTo("7CB06784764C9030CCC41E25C15339FEB293FFE9B329A72B5FED564E99900C75");
  }

  @Property
  void randomizedTextsKeepEverythingButTheirDigits(@ForAll String text) {
    Cell cell = cell(ValueKind.TEXT, text);
    Masks.step(RANDOM, Column.of("c", DataType.STRING)).apply(cell);

    assertThat(cell.kind()).isEqualTo(ValueKind.TEXT);
    assertThat(cell.text().replaceAll("[0-9]", "#")).isEqualTo(text.replaceAll("[0-9]", "#"));
  }

  @Property
  void randomizedIntegersAreIntegersOfTheirTypeWithAsManyDigits(
      @ForAll short number, @ForAll @IntRange(min = 0, max = 4) int shift) {
    Cell cell = cell(ValueKind.NUMBER, String.valueOf(number >> shift));
    Masks.step(RANDOM, Column.of("c", DataType.INT16)).apply(cell);

    assertThat(new BigInteger(cell.text()).bitLength()).isLessThan(16);
    assertThat(cell.text()).matches("0|-?[1-9][0-9]*");
    assertThat(cell.text().replace("-", "").length())
        .isEqualTo(String.valueOf(number >> shift).replace("-", "").length());
  }

  @Property
  void randomizedDecimalsKeepTheirForm(@ForAll @Scale(3) BigDecimal number) {
    Cell cell = cell(ValueKind.NUMBER, number.toPlainString());
    Masks.step(RANDOM, Column.of("c", DataType.DECIMAL)).apply(cell);

    assertThat(cell.text()).matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    assertThat(new BigDecimal(cell.text()).scale()).isEqualTo(number.scale());
  }

  @Example
  void theLargestIntegerStaysInRange() {
    for (int i = 0; i < 1_000; i++) {
      Cell cell = cell(ValueKind.NUMBER, "-9223372036854775808");
      Masks.step(RANDOM, Column.of("c", DataType.INT64)).apply(cell);
      assertThat(new BigInteger(cell.text()).bitLength()).isLessThan(64);
    }
  }

  private static Cell cell(ValueKind kind, String text) {
    Cell cell = new Cell();
    cell.set(kind, text);
    return cell;
  }
}
