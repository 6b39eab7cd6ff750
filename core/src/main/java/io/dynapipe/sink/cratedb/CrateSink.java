package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.retry.Sleeper;
import io.dynapipe.sink.Bookmarks;
import io.dynapipe.sink.FormerNames;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CrateDB as a target, over HTTP. Thread-safe. */
public final class CrateSink implements Sink {

  /** How often a table is read again after CrateDB said that it is not as it was read. */
  private static final int TABLE_TRIES = 3;

  private final Naming naming;
  private final OpenTables tables;
  private final Partings partings;
  private final TableChanges changes;
  private final RowWriters writers;
  private final CrateQuarantine quarantine;
  private final CrateBookmarks bookmarks;
  private final Requests requests;

  private CrateSink(CrateSettings settings, CrateClient client, Clock clock) {
    Registry registry = new Registry(client);
    this.naming = new Naming(settings.tables());
    this.tables = new OpenTables(client, registry, settings.tables());
    this.partings = new Partings(client);
    this.changes = new TableChanges(client, registry, tables, partings, settings.tables());
    this.requests = new Requests(settings.bulk().maxInFlight());
    this.writers =
        new RowWriters(client, new BulkWriter(client, requests, settings.bulk()), tables, clock);
    this.quarantine = new CrateQuarantine(client);
    this.bookmarks = new CrateBookmarks(client);
  }

  /**
   * Connects.
   *
   * @throws PipelineException environment or retryable: nobody answers, or lets us in
   */
  public static CrateSink open(CrateSettings settings) {
    return open(settings, Clock.systemUTC(), Sleeper.REAL);
  }

  static CrateSink open(CrateSettings settings, Clock clock, Sleeper sleeper) {
    CrateClient client = new CrateClient(settings, clock, sleeper);
    client.execute("SELECT 1");
    return new CrateSink(settings, client, clock);
  }

  @Override
  public void apply(TableChange change) {
    TableName target = naming.target(change.table());
    if (target != null) {
      TableName source = change.previousTable();
      TableName previous = source == null ? null : naming.target(source);
      changes.apply(change, target, previous);
    }
  }

  @Override
  public @Nullable TableSchema schema(TableName table) {
    TableName target = naming.target(table);
    return target == null ? null : tables.schema(table, target);
  }

  @Override
  public boolean passesOver(TableName table) {
    return naming.target(table) == null;
  }

  @Override
  public @Nullable TableName tableAt(TableName table, long eventMicros) {
    return partings.all().at(table, eventMicros);
  }

  @Override
  public boolean hasDropped(TableName table, long eventMicros) {
    return partings.all().has(new FormerNames.Parting(table, null, eventMicros));
  }

  @Override
  public List<RowFailure> write(TableName table, List<RowWrite> writes) {
    TableName target = naming.target(table);
    if (target == null || writes.isEmpty()) {
      return List.of();
    }
    for (int attempt = 1; ; attempt++) {
      OpenTable open = tables.forWriting(table, target, writes);
      try {
        return writers.write(tables.withColumns(open, table, writes), writes);
      } catch (AuxNeeded e) {
        tables.addAux(open.target());
      } catch (TableTrouble e) {
        tables.forget(open.target().name());
        if (attempt == TABLE_TRIES) {
          throw e.error().toException("cannot write " + target);
        }
      }
    }
  }

  @Override
  public Begun begin(TableName table, List<RowWrite> writes) {
    TableName target = naming.target(table);
    if (target == null || writes.isEmpty()) {
      return List::of;
    }
    try {
      OpenTable open = tables.forWriting(table, target, writes);
      Begun begun = writers.begin(tables.withColumns(open, table, writes), writes);
      return () -> await(begun, table, writes);
    } catch (AuxNeeded | TableTrouble e) {
      return Sink.super.begin(table, writes);
    }
  }

  /** In trouble all rows are written again, which changes nothing for those that were. */
  private List<RowFailure> await(Begun begun, TableName table, List<RowWrite> writes) {
    try {
      return begun.await();
    } catch (AuxNeeded | TableTrouble e) {
      return write(table, writes);
    }
  }

  @Override
  public void forgetTables() {
    tables.forgetAll();
    partings.forget();
  }

  @Override
  public Quarantine quarantine() {
    return quarantine;
  }

  @Override
  public Bookmarks bookmarks() {
    return bookmarks;
  }

  @Override
  public void close() {
    requests.close();
  }
}
