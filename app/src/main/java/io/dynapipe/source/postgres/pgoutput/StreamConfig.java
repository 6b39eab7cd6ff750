package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.retry.Backoff;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.SourceTable;
import java.time.Duration;
import java.util.List;

/**
 * What to stream.
 *
 * @param slot a slot that exists
 * @param publications what {@code Publications.ensure} answered
 * @param start where to go on; {@link Lsn#NONE} for where the slot stands. Everything before it
 *     must be durable
 * @param selection relations that are not selected are skipped
 * @param known the definitions that have been told already, as of {@code start}; other tables are
 *     told by a CREATE_TABLE before their first row
 * @param statusInterval how often the server hears from us, well below its {@code
 *     wal_sender_timeout}
 * @param reconnect waits between attempts after the connection was lost
 * @param giveUpAfter how long the source may be unreachable before the failure is thrown
 */
public record StreamConfig(
    String slot,
    List<String> publications,
    Lsn start,
    TableSelection selection,
    List<SourceTable> known,
    BeforeImage beforeImage,
    Duration statusInterval,
    Backoff reconnect,
    Duration giveUpAfter) {

  /** Copies the lists. */
  public StreamConfig {
    publications = List.copyOf(publications);
    known = List.copyOf(known);
  }

  /** With the defaults: status each second, ten minutes of patience with a source that is away. */
  public static StreamConfig of(
      String slot, List<String> publications, TableSelection selection, List<SourceTable> known) {
    return new StreamConfig(
        slot,
        publications,
        Lsn.NONE,
        selection,
        known,
        BeforeImage.KEY,
        Duration.ofSeconds(1),
        new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10)),
        Duration.ofMinutes(10));
  }

  /** The same from another position. */
  public StreamConfig from(Lsn position) {
    return new StreamConfig(
        slot,
        publications,
        position,
        selection,
        known,
        beforeImage,
        statusInterval,
        reconnect,
        giveUpAfter);
  }

  /** The same with another before image. */
  public StreamConfig withBeforeImage(BeforeImage image) {
    return new StreamConfig(
        slot, publications, start, selection, known, image, statusInterval, reconnect, giveUpAfter);
  }
}
