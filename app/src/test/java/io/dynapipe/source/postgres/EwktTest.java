package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EWKB of a real PostGIS, and the EWKT that it must become. */
final class EwktTest {

  private static final String POINT = "0101000000000000000000F03F0000000000000040";

  static List<PostgisGolden> geometries() throws Exception {
    return PostgisGolden.all();
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void everyKindOfGeometryIsSpelledAsPostgisReadsIt(PostgisGolden geometry) {
    assertThat(render(geometry.ewkb())).isEqualTo(geometry.ewkt());
    assertThat(render(geometry.ewkb().toLowerCase(Locale.ROOT))).isEqualTo(geometry.ewkt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "01",
        "not hexadecimal",
        "BOX(0 0,1 1)",
        "0101000000000000000000F03F00000000000000", // ends too early
        "0101000000000000000000F03F000000000000004000", // goes on
        "0201000000000000000000F03F0000000000000040", // a byte order that there is not
        "010D00000000000000", // a type that there is not
        "01E9030000000000000000F03F00000000000000400000000000000840", // ISO's Z
        "0101000000000000000000F07F0000000000000000", // infinity
        "0102000000FFFFFFFF", // more points than can be
        "0102000000FFFFFF7F", // more points than there are
        "01030000000100000000000000", // a ring without points
        "011000000001000000011100000000000000", // an empty triangle in a TIN
        "010400000001000000010200000000000000", // a line among points
        "01070000800100000" + "00101000000000000000000F03F0000000000000040", // a part without Z
        "0107000000010000000101000020E6100000000000000000F03F0000000000000040", // a part's SRID
      })
  void whatIsNotKnownStaysAsItCame(String text) {
    assertThat(render(text)).isEqualTo(text);
  }

  @Example
  void geometriesAreNestedAsDeepAsPostgisReadsThem() {
    String open = "010700000001000000";
    assertThat(render(open.repeat(200) + POINT))
        .isEqualTo("GEOMETRYCOLLECTION(".repeat(200) + "POINT(1 2)" + ")".repeat(200));
    String deeper = open.repeat(100_000) + POINT;
    assertThat(render(deeper)).isEqualTo(deeper);
  }

  @Property
  void everyNumberReadsBackAsItself(@ForAll long bits) {
    Double value = Double.longBitsToDouble(bits);
    String text = EwktNumber.text(value);
    assertThat(Double.valueOf(text)).isEqualTo(value);
    String digits = text.replaceFirst("e.*", "").replaceAll("[-.]", "").replaceFirst("^0+", "");
    assertThat(digits.length()).isLessThanOrEqualTo(17);
  }

  private static String render(String hex) {
    byte[] bytes = ("<" + hex + ">").getBytes(StandardCharsets.UTF_8);
    RowBuilder row = new RowBuilder().begin(ColumnNames.of("before", "g", "after"));
    row.addText("x");
    ValueRenderer.render(ValueFormat.EWKT, bytes, 1, bytes.length - 2, row);
    Row built = row.addText("y").build();
    assertThat(built.text(0) + built.text(2)).isEqualTo("xy");
    return String.valueOf(built.text(1));
  }
}
