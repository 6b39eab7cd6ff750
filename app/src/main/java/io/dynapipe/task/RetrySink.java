package io.dynapipe.task;

import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Bookmarks;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.QuarantineHold;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sink for records that come from its quarantine: nothing is held for them but what failed again.
 * One thread. Closing it leaves the sink open.
 */
final class RetrySink implements Sink, Quarantine {

  private final Sink sink;
  private final Set<QuarantineHold> failed = new HashSet<>();

  RetrySink(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void apply(TableChange change) {
    sink.apply(change);
  }

  @Override
  public void forgetTables() {
    sink.forgetTables();
  }

  @Override
  public @Nullable TableSchema schema(TableName table) {
    return sink.schema(table);
  }

  @Override
  public boolean passesOver(TableName table) {
    return sink.passesOver(table);
  }

  @Override
  public @Nullable TableName tableAt(TableName table, long eventMicros) {
    return sink.tableAt(table, eventMicros);
  }

  @Override
  public boolean hasDropped(TableName table, long eventMicros) {
    return sink.hasDropped(table, eventMicros);
  }

  @Override
  public List<RowFailure> write(TableName table, List<RowWrite> writes) {
    return sink.write(table, writes);
  }

  @Override
  public Quarantine quarantine() {
    return this;
  }

  @Override
  public Bookmarks bookmarks() {
    return sink.bookmarks();
  }

  /** Only remembers what they hold: the entries are in the sink's quarantine already. */
  @Override
  public void add(List<QuarantineEntry> entries) {
    entries.forEach(entry -> failed.add(entry.hold()));
  }

  @Override
  public Set<QuarantineHold> holds() {
    return Set.copyOf(failed);
  }

  @Override
  public List<QuarantineEntry> list() {
    return sink.quarantine().list();
  }

  @Override
  public void replace(List<QuarantineEntry> entries) {
    sink.quarantine().replace(entries);
  }

  @Override
  public void remove(List<String> ids) {
    sink.quarantine().remove(ids);
  }

  @Override
  public void close() {}
}
