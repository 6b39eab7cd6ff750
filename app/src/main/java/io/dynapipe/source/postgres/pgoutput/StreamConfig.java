package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
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
import java.util.function.Consumer;

/**
 * What to stream.
 *
 * @param slot a slot that exists
 * @param publications what {@code Publications.ensure} answered
 * @param start where to go on; {@link Lsn#NONE} for where the slot stands. Everything before it
 *     must be durable
 * @param selection relations that are not selected are skipped
 * @param known the tables that have been told already, at the first start; later the history tells
 * @param loaded for tables that were loaded from a later snapshot than the slot's, by oid: what
 *     that showed, and what therefore is left out of the stream
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
    Map<Long, VisibleTransactions> loaded,
    SchemaHistory history,
    BeforeImage beforeImage,
    List<SourceTable> unloaded,
    TableReading.Chooser readings,
    Timing timing,
    boolean reloadsRewritten,
    BiConsumer<Long, VisibleTransactions> loads) {

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
    return with(draft -> draft.start = position);
  }

  public StreamConfig withLoaded(Map<Long, VisibleTransactions> transactions) {
    return with(draft -> draft.loaded = transactions);
  }

  public StreamConfig withHistory(SchemaHistory schemas) {
    return with(draft -> draft.history = schemas);
  }

  public StreamConfig withBeforeImage(BeforeImage image) {
    return with(draft -> draft.beforeImage = image);
  }

  public StreamConfig withUnloaded(List<SourceTable> tables) {
    return with(draft -> draft.unloaded = tables);
  }

  public StreamConfig withReadings(TableReading.Chooser chooser) {
    return with(draft -> draft.readings = chooser);
  }

  public StreamConfig withTiming(Timing times) {
    return with(draft -> draft.timing = times);
  }

  /** The same with tables loaded again whose rows were rewritten, or only told in the log. */
  public StreamConfig withReloadsRewritten(boolean reloads) {
    return with(draft -> draft.reloadsRewritten = reloads);
  }

  public StreamConfig withLoads(BiConsumer<Long, VisibleTransactions> listener) {
    return with(draft -> draft.loads = listener);
  }

  private StreamConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config();
  }

  /** What can be changed of a configuration, before it is one. */
  private static final class Draft {
    private final StreamConfig base;
    private Lsn start;
    private Map<Long, VisibleTransactions> loaded;
    private SchemaHistory history;
    private BeforeImage beforeImage;
    private List<SourceTable> unloaded;
    private TableReading.Chooser readings;
    private Timing timing;
    private boolean reloadsRewritten;
    private BiConsumer<Long, VisibleTransactions> loads;

    Draft(StreamConfig base) {
      this.base = base;
      start = base.start;
      loaded = base.loaded;
      history = base.history;
      beforeImage = base.beforeImage;
      unloaded = base.unloaded;
      readings = base.readings;
      timing = base.timing;
      reloadsRewritten = base.reloadsRewritten;
      loads = base.loads;
    }

    StreamConfig config() {
      return new StreamConfig(
          base.slot,
          base.publications,
          start,
          base.selection,
          base.known,
          loaded,
          history,
          beforeImage,
          unloaded,
          readings,
          timing,
          reloadsRewritten,
          loads);
    }
  }
}
