package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.event.Lsn;
import org.junit.jupiter.api.Test;

final class VisibleTransactionsTest {

  private static final Lsn EARLY = Lsn.parse("0/10");
  private static final Lsn LATE = Lsn.parse("1/0");

  @Test
  void showsWhatHadEndedWhenTheSnapshotWasTaken() {
    VisibleTransactions shown = VisibleTransactions.parse("10:20:12,15@0/FF");
    assertThat(shown.show(9, EARLY)).isTrue();
    assertThat(shown.show(10, EARLY)).isTrue();
    assertThat(shown.show(12, EARLY)).isFalse();
    assertThat(shown.show(14, EARLY)).isTrue();
    assertThat(shown.show(15, EARLY)).isFalse();
    assertThat(shown.show(20, EARLY)).isFalse();
  }

  @Test
  void showsNothingThatCommittedLater() {
    assertThat(VisibleTransactions.parse("10:20:@0/FF").show(5, LATE)).isFalse();
  }

  @Test
  void comparesAcrossTheEndOf32Bits() {
    long epoch = 1L << 32;
    VisibleTransactions shown =
        VisibleTransactions.parse((epoch - 2) + ":" + (epoch + 5) + ":" + (epoch + 3) + "@0/FF");
    assertThat(shown.show(epoch - 3, EARLY)).isTrue();
    assertThat(shown.show(epoch - 1, EARLY)).isTrue();
    assertThat(shown.show(3, EARLY)).isFalse();
    assertThat(shown.show(4, EARLY)).isTrue();
    assertThat(shown.show(5, EARLY)).isFalse();
  }

  @Test
  void readsItsOwnText() {
    VisibleTransactions shown = VisibleTransactions.parse("10:20:12,15@A/FF");
    assertThat(shown).hasToString("10:20:12,15@A/FF");
    assertThat(VisibleTransactions.parse("10:20:@A/FF")).hasToString("10:20:@A/FF");
    assertThatThrownBy(() -> VisibleTransactions.parse("10:20"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
