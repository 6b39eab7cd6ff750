package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.retry.Backoff;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.MemorySchemaHistory;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.VisibleTransactions;
import io.dynapipe.source.postgres.fullload.TableReading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What to stream.
 *
 * @param slot a slot that exists
 * @param publications what {@code Publications.ensure} answered
 * @param start where to go on; {@link Lsn#NONE} for where the slot stands. Everything before it
 *     must be durable
 * @param selection relations that are not selected are skipped
 * @param known the tables that have been told already, at the first start; later the history tells
 * @param loaded for tables that were loaded from a later snapshot than the slot's: what that
 *     showed, and what therefore is left out of the stream
 * @param history which definitions have been told; a table of the selection that it does not have
 *     is loaded when it is found
 * @param unloaded tables that are known and whose load has failed: they are loaded first, and what
 *     comes of them until then is left out
 * @param readings what a load while streaming reads of each table
 * @param timing how often and how long
 * @param reloadsRewritten whether a table is loaded again when a change of its definition may have
 *     given rows new values, which the log does not tell
 * @param loads told of each load while streaming and of what it showed, to be given as {@code
 *     loaded} at the next start
 */
public record StreamConfig(
    String slot,
    List<String> publications,
    Lsn start,
    TableSelection selection,
    List<SourceTable> known,
    Map<TableName, VisibleTransactions> loaded,
    SchemaHistory history,
    BeforeImage beforeImage,
    List<SourceTable> unloaded,
    TableReading.Chooser readings,
    Timing timing,
    boolean reloadsRewritten,
    BiConsumer<TableName, VisibleTransactions> loads) {

  /**
   * How often and how long.
   *
   * @param statusInterval how often the server hears from us, well below its {@code
   *     wal_sender_timeout}
   * @param catalogInterval how often to look for tables that were created or dropped; zero for
   *     never
   * @param reconnect waits between attempts after the connection was lost
   * @param giveUpAfter how long the source may be unreachable before the failure is thrown
   * @param maxAttempts how often connecting is tried again before that; -1 as often as time allows
   */
  public record Timing(
      Duration statusInterval,
      Duration catalogInterval,
      Backoff reconnect,
      Duration giveUpAfter,
      int maxAttempts) {

    /** Status each second, catalogue each ten, ten minutes of patience. */
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10)),
            Duration.ofMinutes(10),
            -1);

    public Timing withCatalogInterval(Duration interval) {
      return new Timing(statusInterval, interval, reconnect, giveUpAfter, maxAttempts);
    }

    /** The same with other patience. */
    public Timing withPatience(Backoff backoff, Duration longest, int attempts) {
      return new Timing(statusInterval, catalogInterval, backoff, longest, attempts);
    }
  }

  /** Copies the collections. */
  public StreamConfig {
    publications = List.copyOf(publications);
    known = List.copyOf(known);
    loaded = Map.copyOf(loaded);
    unloaded = List.copyOf(unloaded);
  }

  /** From where the slot stands, with the defaults and a history that ends with the process. */
  public static StreamConfig of(
      String slot, List<String> publications, TableSelection selection, List<SourceTable> known) {
    return new StreamConfig(
        slot,
        publications,
        Lsn.NONE,
        selection,
        known,
        Map.of(),
        new MemorySchemaHistory(),
        BeforeImage.KEY,
        List.of(),
        TableReading.Chooser.ALL,
        Timing.DEFAULT,
        false,
        (table, shown) -> {});
  }

  /** The same from another position. */
  public StreamConfig from(Lsn position) {
    return new StreamConfig(
        slot,
        publications,
        position,
        selection,
        known,
        loaded,
        history,
        beforeImage,
        unloaded,
        readings,
        timing,
        reloadsRewritten,
        loads);
  }

  public StreamConfig withLoaded(Map<TableName, VisibleTransactions> transactions) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        transactions,
        history,
        beforeImage,
        unloaded,
        readings,
        timing,
        reloadsRewritten,
        loads);
  }

  public StreamConfig withHistory(SchemaHistory schemas) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        schemas,
        beforeImage,
        unloaded,
        readings,
        timing,
        reloadsRewritten,
        loads);
  }

  public StreamConfig withBeforeImage(BeforeImage image) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        history,
        image,
        unloaded,
        readings,
        timing,
        reloadsRewritten,
        loads);
  }

  public StreamConfig withUnloaded(List<SourceTable> tables) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        history,
        beforeImage,
        tables,
        readings,
        timing,
        reloadsRewritten,
        loads);
  }

  public StreamConfig withReadings(TableReading.Chooser chooser) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        history,
        beforeImage,
        unloaded,
        chooser,
        timing,
        reloadsRewritten,
        loads);
  }

  public StreamConfig withTiming(Timing times) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        history,
        beforeImage,
        unloaded,
        readings,
        times,
        reloadsRewritten,
        loads);
  }

  /** The same with tables loaded again whose rows were rewritten, or only told in the log. */
  public StreamConfig withReloadsRewritten(boolean reloads) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        history,
        beforeImage,
        unloaded,
        readings,
        timing,
        reloads,
        loads);
  }

  public StreamConfig withLoads(BiConsumer<TableName, VisibleTransactions> listener) {
    return new StreamConfig(
        slot,
        publications,
        start,
        selection,
        known,
        loaded,
        history,
        beforeImage,
        unloaded,
        readings,
        timing,
        reloadsRewritten,
        listener);
  }
}
