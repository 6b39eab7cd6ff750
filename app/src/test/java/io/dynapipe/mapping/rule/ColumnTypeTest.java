package io.dynapipe.mapping.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a column is for DMS. */
class ColumnTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text | nclob",
        "uuid | wstring",
        "public.geometry | nclob",
        "public.geometry(PointZ,4326) | nclob",
        "\"My GIS\".geography(Point,4326) | nclob",
        "public.geometry[] | nclob",
        "public.geometry_kind | wstring",
      })
  void textsWithoutABoundAreLargeObjects(String sourceType, String dmsName) {
    Column column = new Column("c", DataType.STRING, null, true, sourceType, null, null);
    assertThat(ColumnType.dmsName(column)).isEqualTo(dmsName);
  }
}
