package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many rows go by one request. */
final class BulkWriterTest {

  private static final CrateSettings.Bulk LIMITS = new CrateSettings.Bulk(2, 5_000, 4 << 20, false);

  @ParameterizedTest(name = "{0} rows go in bulks of {1}")
  @CsvSource({
    "1, 1",
    "1999, 1999", // too few for two requests
    "2000, 1000",
    "5000, 2500",
    "10000, 5000",
    "10001, 2501",
    "16384, 4096",
    "0, 1"
  })
  void requestsThatRunTogetherAreEqual(int rows, int expected) {
    assertThat(BulkWriter.bulkRows(rows, LIMITS)).isEqualTo(expected);
  }
}
