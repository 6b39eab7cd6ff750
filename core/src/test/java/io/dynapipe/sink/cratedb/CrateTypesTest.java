package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts have neither index nor column store, so that they may be of any length. */
class CrateTypesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"xml", "tsvector", "public.geometry", "gis.geometry(PointZ,4326)", "a.geography"})
  void longTextsAreNotIndexed(String sourceType) {
    assertThat(CrateTypes.member(text(sourceType), true)).isEqualTo(CrateType.LONG_TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "uuid", "public.geometry[]", "public.geometry_kind", "geometry"})
  void otherTextsAreIndexed(String sourceType) {
    assertThat(CrateTypes.member(text(sourceType), true)).isEqualTo(CrateType.TEXT);
  }

  private static Column text(String sourceType) {
    return new Column("c", DataType.STRING, null, true, sourceType, null, null);
  }
}
