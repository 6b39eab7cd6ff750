package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Origin;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class EventClockTest {

  private final SetClock machine = new SetClock();

  @Test
  void goesAsTheMachineDoes() {
    EventClock clock = new EventClock(machine, 0);
    machine.micros = 1_000;
    assertThat(clock.micros()).isEqualTo(1_000);
    machine.micros = 2_500;
    assertThat(Origin.micros(clock)).isEqualTo(2_500);
  }

  @Test
  void doesNotGoBackWhenTheMachineDoes() {
    EventClock clock = new EventClock(machine, 5_000);
    machine.micros = 1_000;
    assertThat(clock.micros()).isEqualTo(5_000);
    assertThat(clock.next()).isEqualTo(5_001);
    assertThat(clock.micros()).isEqualTo(5_001);
    clock.told(9_000);
    assertThat(clock.micros()).isEqualTo(9_000);
  }

  @Test
  void staysBeforeWhatIsToldAgain() {
    EventClock clock = new EventClock(machine, 0);
    clock.limit(499);
    machine.micros = 1_000;
    assertThat(clock.micros()).isEqualTo(499);
    assertThat(clock.next()).isEqualTo(499);
    clock.limit(Long.MAX_VALUE);
    clock.told(500);
    assertThat(clock.micros()).isEqualTo(1_000);
  }

  private static final class SetClock extends Clock {

    private long micros;

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(micros * 1_000);
    }

    @Override
    public ZoneId getZone() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
