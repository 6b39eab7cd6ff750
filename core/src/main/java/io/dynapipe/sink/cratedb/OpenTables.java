package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RowWrite;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that are being written, read from CrateDB when first needed. Thread-safe: changes of
 * one table's columns come one after another.
 */
final class OpenTables {

  private static final Logger LOG = LoggerFactory.getLogger(OpenTables.class);

  private static final String ALREADY = "already has a column named";

  private final CrateClient client;
  private final Registry registry;
  private final CreateTable create;
  private final CrateSettings.Tables settings;
  private final Map<TableName, OpenTable> open = new ConcurrentHashMap<>();
  private final Map<TableName, Object> locks = new ConcurrentHashMap<>();

  /** What the log has: tables are read again now and then, which is no news. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  OpenTables(CrateClient client, Registry registry, CrateSettings.Tables settings) {
    this.client = client;
    this.registry = registry;
    this.settings = settings;
    this.create = new CreateTable(settings);
  }

  CreateTable create() {
    return create;
  }

  /** Held while a table's columns change. */
  Object lock(TableName name) {
    return locks.computeIfAbsent(name, key -> new Object());
  }

  /** Forgets what is known of a table, so that it is read again. */
  void forget(TableName name) {
    open.remove(name);
  }

  void forgetAll() {
    open.clear();
  }

  /** The table, or null when CrateDB has none of that name. */
  @Nullable OpenTable find(TableName name) {
    OpenTable known = open.get(name);
    return known != null ? known : load(name, Set.of());
  }

  /** The definition of the source's table; null when neither an event nor the table tells it. */
  @Nullable TableSchema schema(TableName source, TableName target) {
    OpenTable table = find(target);
    if (table == null) {
      return null;
    }
    TableSchema known = table.source();
    return known == null ? SourceGuess.of(source, table.target()) : known.withTable(source);
  }

  /**
   * The table for rows that come now. One that was renamed away leaves a trace, which the rows of a
   * replay follow; one that no event defined is made as far as the rows tell it.
   */
  OpenTable forWriting(TableName source, TableName target, List<RowWrite> writes) {
    OpenTable table = find(target);
    if (table != null) {
      return table;
    }
    Registry.Entry entry = registry.get(target);
    TableName renamed = entry == null ? null : entry.renamedTo();
    OpenTable other = renamed == null ? null : find(renamed);
    if (other != null) {
      return other;
    }
    if (!settings.ddl() || (entry != null && entry.source() != null)) {
      throw missing(target);
    }
    synchronized (lock(target)) {
      TableSchema guess = SourceGuess.of(source, writes);
      LOG.warn("{}: no event defined the table; it is made as far as its rows tell it", target);
      registry.put(target, new Registry.Entry(true, settings.layout(), guess, null, 0));
      client.execute(create.statement(target, guess, settings.layout()));
      OpenTable made = find(target);
      if (made == null) {
        throw missing(target);
      }
      return made;
    }
  }

  /** Reads the table again; columns known to get no column stay so. */
  private @Nullable OpenTable load(TableName name, Set<String> auxOnly) {
    Registry.Entry entry = registry.get(name);
    RawTable raw = RawTable.read(client, name);
    if (raw == null) {
      open.remove(name);
      return null;
    }
    Layout registered = entry != null && entry.made() ? entry.layout() : null;
    TableSchema source = entry == null ? null : entry.source();
    TargetTable target = TableShape.of(raw, source, settings.layout(), registered);
    OpenTable table = OpenTable.of(target, registered != null, source, auxOnly);
    open.put(name, table);
    if (target.keyStyle() == TargetTable.KeyStyle.NONE && told.add(name.toString())) {
      LOG.info(
          "{} has no primary key: its rows are found by a search behind a refresh. A table that"
              + " Dynapipe makes is several times faster.",
          name);
    }
    return table;
  }

  /**
   * The table with a column for each of the rows' columns that can have one.
   *
   * @param writes tell by their values what nobody declared
   */
  OpenTable withColumns(OpenTable table, TableName source, List<RowWrite> writes) {
    ColumnDemand demand = new ColumnDemand(table, source, create);
    if (demand.isMet(writes)) {
      return table;
    }
    TableName name = table.target().name();
    synchronized (lock(name)) {
      OpenTable present = find(name);
      if (present == null) {
        throw missing(name);
      }
      Map<String, CrateType> types =
          settings.ddl() ? new ColumnDemand(present, source, create).missing(writes) : Map.of();
      return types.isEmpty() ? withoutColumns(present, source, writes) : add(present, types);
    }
  }

  private OpenTable withoutColumns(OpenTable table, TableName source, List<RowWrite> writes) {
    Set<String> auxOnly = new HashSet<>(table.auxOnly());
    auxOnly.addAll(new ColumnDemand(table, source, create).homeless(writes, settings.ddl()));
    if (auxOnly.size() == table.auxOnly().size()) {
      return table;
    }
    OpenTable marked = OpenTable.of(table.target(), table.made(), table.source(), auxOnly);
    open.put(table.target().name(), marked);
    return marked;
  }

  /** Gives the table a place for values that do not fit. */
  void addAux(TargetTable target) {
    synchronized (lock(target.name())) {
      SqlAnswer answer =
          client.attempt(
              "ALTER TABLE "
                  + target.sql()
                  + " ADD COLUMN "
                  + SqlText.member("data", TargetTable.AUX_MEMBER)
                  + " object(ignored)");
      CrateError error = answer.error();
      if (error != null && !error.message().contains(ALREADY)) {
        throw error.toException(
            target.name() + " holds values that do not fit, and has no place for them");
      }
      forget(target.name());
    }
  }

  /** Adds columns; those that CrateDB refuses are written to {@code aux} from then on. */
  OpenTable add(OpenTable table, Map<String, CrateType> types) {
    TargetTable target = table.target();
    Set<String> auxOnly = new HashSet<>(table.auxOnly());
    int room = create.maxColumns() - target.size();
    Map<String, CrateType> fitting = new java.util.LinkedHashMap<>();
    types.forEach(
        (name, type) -> {
          if (fitting.size() < room) {
            fitting.put(name, type);
          } else {
            auxOnly.add(name);
          }
        });
    if (!fitting.isEmpty()) {
      dropUndefined(target, fitting.keySet());
      SqlAnswer answer = client.attempt(CreateTable.addColumns(target, fitting));
      CrateError error = answer.error();
      if (error != null) {
        addOneByOne(target, fitting, auxOnly, error);
      }
    }
    if (!auxOnly.equals(table.auxOnly()) && told.add(target.name() + " without " + auxOnly)) {
      LOG.warn("{} gets no column for {}: their values go to aux", target.name(), auxOnly);
    }
    OpenTable again = load(target.name(), auxOnly);
    if (again == null) {
      throw missing(target.name());
    }
    return again;
  }

  /** A null or an empty array made these before their type was known; they hold no value. */
  private void dropUndefined(TargetTable target, Set<String> names) {
    for (String name : names) {
      if (target.type(name) != null) {
        client.execute("ALTER TABLE " + target.sql() + " DROP COLUMN " + target.reference(name));
      }
    }
  }

  private void addOneByOne(
      TargetTable target, Map<String, CrateType> types, Set<String> auxOnly, CrateError all) {
    if (all.scope() == CrateError.Scope.TABLE) {
      throw new TableTrouble(all);
    }
    types.forEach(
        (name, type) -> {
          SqlAnswer answer = client.attempt(CreateTable.addColumns(target, Map.of(name, type)));
          CrateError error = answer.error();
          if (error != null && !error.message().contains(ALREADY)) {
            if (told.add(target.name() + " refuses " + name)) {
              LOG.warn("{}: no column for '{}': {}", target.name(), name, error.message());
            }
            auxOnly.add(name);
          }
        });
  }

  static PipelineException missing(TableName name) {
    return PipelineException.permanent(
        "CrateDB has no table " + name,
        "Load the table again (reload-target), so that its definition is sent; or make it.",
        null);
  }
}
