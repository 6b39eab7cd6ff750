package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReadSizeTest {

  private static final long MIB = 1 << 20;

  private final ReadSize size = new ReadSize();

  @BeforeEach
  void readsARecord() {
    size.read(1_024);
  }

  /** The first answer of each shard must not be ten megabytes, whatever its records are. */
  @Test
  void asksForFewAsLongAsItKnowsNoRecord() {
    assertThat(new ReadSize().limit(10_000, 8 * MIB)).isEqualTo(10);
  }

  @Test
  void asksForAsManyRecordsAsTheBytesAreLikelyToHold() {
    assertThat(size.limit(20_000, 100 * MIB)).isEqualTo(10_000);
    assertThat(size.limit(500, 100 * MIB)).isEqualTo(500);
    assertThat(size.limit(10_000, MIB)).isEqualTo(1_024);
    for (int i = 0; i < 100; i++) {
      size.read(1 << 20);
    }
    assertThat(size.limit(10_000, 8 * MIB)).isEqualTo(8);
  }

  /** Ten large records that never come in one answer come after a few calls that were too long. */
  @Test
  void asksForLessUntilItComesInTime() {
    int calls = 0;
    while (size.limit(10_000, 8 * MIB) > 1) {
      size.failed(Duration.ofSeconds(10));
      calls++;
    }
    assertThat(calls).isLessThanOrEqualTo(4);
  }

  @Test
  void asksForMoreAgainWhenAnswersComeSoon() {
    for (int i = 0; i < 10; i++) {
      size.failed(Duration.ofSeconds(10));
    }
    for (int i = 0; i < 100; i++) {
      size.answered(Duration.ofMillis(20));
      size.read(1_024);
    }
    assertThat(size.limit(10_000, 8 * MIB)).isGreaterThan(8_000);
  }

  /** Else each throttled call would make the next answer smaller. */
  @Test
  void aQuickRefusalSaysNothingOfTheSize() {
    size.failed(Duration.ofMillis(20));

    assertThat(size.limit(10_000, 8 * MIB)).isEqualTo(8_192);
  }

  @Test
  void keepsToWhatJustComesInTime() {
    size.failed(Duration.ofSeconds(10));
    int limit = size.limit(10_000, 8 * MIB);
    size.answered(Duration.ofSeconds(4));

    assertThat(size.limit(10_000, 8 * MIB)).isEqualTo(limit);
  }
}
