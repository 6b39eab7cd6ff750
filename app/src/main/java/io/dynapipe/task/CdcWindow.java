package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where CDC begins and ends, when it is told: {@code CdcStartPosition} and {@code CdcStopPosition}.
 *
 * @param start changes of transactions that committed before are left out; null to begin where the
 *     slot stands
 * @param stopMicros transactions that committed from then on are left out, and the task stops;
 *     microseconds since 1970, null to go on
 * @param byServerTime whether to stop also when nothing is written any more at that time
 */
public record CdcWindow(@Nullable Lsn start, @Nullable Long stopMicros, boolean byServerTime) {

  /** From where the slot stands, without end. */
  public static final CdcWindow OPEN = new CdcWindow(null, null, false);

  private static final Pattern CHECKPOINT =
      Pattern.compile("checkpoint:V1#[0-9]+#([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})#.*");
  private static final Pattern STOP =
      Pattern.compile("(server_time|commit_time): ?([0-9-]+T[0-9:.]+)Z?");

  /**
   * As DMS writes them.
   *
   * @param start an LSN or a checkpoint of DMS; null or empty for none
   * @param stop {@code server_time:} or {@code commit_time:} with a time in UTC; null or empty for
   *     none
   * @throws PipelineException (input) when they have another form
   */
  public static CdcWindow parse(@Nullable String start, @Nullable String stop) {
    Lsn from = start == null || start.isEmpty() ? null : start(start);
    if (stop == null || stop.isEmpty()) {
      return new CdcWindow(from, null, false);
    }
    Matcher matcher = STOP.matcher(stop);
    if (!matcher.matches()) {
      throw wrongStop(stop);
    }
    try {
      LocalDateTime time = LocalDateTime.parse(matcher.group(2));
      long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant(ZoneOffset.UTC));
      return new CdcWindow(from, micros, matcher.group(1).equals("server_time"));
    } catch (DateTimeParseException e) {
      throw wrongStop(stop);
    }
  }

  private static PipelineException wrongStop(String stop) {
    return PipelineException.input(
        "CdcStopPosition '" + stop + "' is not a position",
        "Write server_time:2018-02-09T12:12:12 or commit_time:2018-02-09T12:12:12, in UTC.");
  }

  private static Lsn start(String start) {
    Matcher checkpoint = CHECKPOINT.matcher(start);
    String text = checkpoint.matches() ? checkpoint.group(1) : start;
    try {
      return Lsn.parse(text);
    } catch (IllegalArgumentException e) {
      throw PipelineException.input(
          "CdcStartPosition '" + start + "' is not a position",
          "Give an LSN such as 4AF/B00000D0; PostgreSQL cannot begin at a time.");
    }
  }

  /** Whether a transaction that committed then is left out. */
  boolean isBehind(long commitMicros) {
    return stopMicros != null && commitMicros >= stopMicros;
  }

  /** Whether there is nothing to wait for any more when the source is idle. */
  boolean isOver(long nowMicros) {
    return byServerTime && stopMicros != null && nowMicros >= stopMicros;
  }
}
