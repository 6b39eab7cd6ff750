package io.dynapipe.bench;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A target that takes everything at once and keeps nothing. */
final class VirtualSink implements Sink, Quarantine, Bookmarks {

  private static final TableSchema FOO =
      new TableSchema(
          new TableName("public", "foo"),
          List.of(Column.of("id", DataType.INT32), Column.of("name", DataType.STRING)),
          List.of("id"));

  @Override
  public void apply(TableChange change) {}

  @Override
  public void forgetTables() {}

  @Override
  public TableSchema schema(TableName table) {
    return FOO;
  }

  @Override
  public List<RowFailure> write(TableName table, List<RowWrite> writes) {
    return List.of();
  }

  @Override
  public Quarantine quarantine() {
    return this;
  }

  @Override
  public Bookmarks bookmarks() {
    return this;
  }

  @Override
  public void add(List<QuarantineEntry> entries) {}

  @Override
  public void replace(List<QuarantineEntry> entries) {}

  @Override
  public Set<QuarantineHold> holds() {
    return Set.of();
  }

  @Override
  public List<QuarantineEntry> list() {
    return List.of();
  }

  @Override
  public void remove(List<String> ids) {}

  @Override
  public Map<String, String> read(String owner) {
    return Map.of();
  }

  @Override
  public void save(String owner, String name, String value) {}

  @Override
  public void remove(String owner, String name) {}

  @Override
  public void close() {}
}
