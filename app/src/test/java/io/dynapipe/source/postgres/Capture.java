package io.dynapipe.source.postgres;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import java.time.Duration;
import java.util.List;

/** The usual way of a test: tables, publication and slot first, then load, then changes. */
public final class Capture implements AutoCloseable {

  private final SourceDatabase source;
  private final Recorder recorder = new Recorder();
  private final StreamConfig config;
  private final StreamRun run;

  private Capture(SourceDatabase source, StreamConfig config) {
    this.source = source;
    this.config = config;
    this.run = StreamRun.start(source, config, recorder);
  }

  /** Streams changes of all tables that exist now; what they hold already is not loaded. */
  public static Capture changes(SourceDatabase source) throws Exception {
    return new Capture(source, prepare(source));
  }

  public static Capture changes(SourceDatabase source, StreamConfig config) {
    return new Capture(source, config);
  }

  /**
   * Makes publication and slot for all tables that exist now. Tables that are made later are not
   * looked for, unless a test asks for it.
   */
  public static StreamConfig prepare(SourceDatabase source) {
    List<SourceTable> tables = source.tables();
    List<String> publications = source.server().publications().ensure(source.name(), tables);
    source.server().slots().create(source.name()).close();
    return StreamConfig.of(source.name(), publications, TableSelection.ALL_TABLES, tables)
        .withTiming(StreamConfig.Timing.DEFAULT.withCatalogInterval(Duration.ZERO));
  }

  /** The rows of all tables as events. */
  public static List<RowChange> load(SourceDatabase source) throws Exception {
    Recorder loaded = new Recorder();
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      new FullLoad(source.server().connections(), source.tables(), LoadOptions.defaults())
          .run(snapshot, loaded, () -> false);
    }
    return loaded.rows();
  }

  public StreamConfig config() {
    return config;
  }

  /** Events of what has been committed since the last call. */
  public List<ChangeEvent> events() throws Exception {
    run.catchUp(recorder);
    List<ChangeEvent> events = recorder.events();
    recorder.clear();
    return events;
  }

  /** Row events of what has been committed since the last call; other events are an error. */
  public List<RowChange> rows() throws Exception {
    return events().stream().map(RowChange.class::cast).toList();
  }

  /** The last one of {@link #rows}. */
  public RowChange row() throws Exception {
    List<RowChange> rows = rows();
    return rows.get(rows.size() - 1);
  }

  /** Table events of what has been committed since the last call. */
  public List<TableChange> tableChanges() throws Exception {
    return events().stream()
        .filter(TableChange.class::isInstance)
        .map(TableChange.class::cast)
        .toList();
  }

  public SourceDatabase source() {
    return source;
  }

  @Override
  public void close() {
    run.close();
  }
}
