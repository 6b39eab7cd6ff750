package io.dynapipe.task;

import io.dynapipe.mapping.settings.RecoverySettings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.retry.Backoff;
import io.dynapipe.source.postgres.pgoutput.StreamConfig.Timing;
import java.time.Duration;

/** Brings {@code ErrorBehavior}'s settings for recoverable errors to the source as its patience. */
final class Timings {

  private static final Duration EVER = Duration.ofDays(3_650);

  private Timings() {}

  /** What a task without such settings has is ours: quicker to connect again than DMS. */
  static Timing of(RecoverySettings recovery) {
    if (recovery.equals(TaskSettings.defaults().errors().recovery())) {
      return Timing.DEFAULT;
    }
    Duration longest = recovery.throttled() ? recovery.longest() : recovery.first();
    boolean endless = recovery.attempts() < 0 && !recovery.stopAfterLongest();
    // The waits double up to the longest, so that is in vain after at most twice that time.
    Duration limit =
        endless || recovery.attempts() >= 0 ? EVER : longest.multipliedBy(3).plusMinutes(1);
    return Timing.DEFAULT.withPatience(
        new Backoff(recovery.first(), longest), limit, recovery.attempts());
  }
}
