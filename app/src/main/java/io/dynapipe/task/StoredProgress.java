package io.dynapipe.task;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.VisibleTransactions;
import io.dynapipe.stream.embedded.TaskState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Progress in the state directory. Names are stored as length and text, so that any name a table
 * can have comes back as it was.
 */
public final class StoredProgress implements CaptureProgress {

  private static final String SLOT = "slot";
  private static final String PHASE = "phase";
  private static final String POSITION = "position";
  private static final String FIRST_SNAPSHOT = "first-snapshot";
  private static final String LATER_LOAD = "loaded-later:";
  private static final String RANGE = "range:";
  private static final String PREPARED = "prepared:";
  private static final String SUSPENDED = "suspended:";
  private static final String OWED = "load-owed:";
  private static final String RELOAD = "reload:";

  private final TaskState state;
  private final String slot;

  /** Progress of a task, which begins NEW with a slot name that no other task has. */
  public StoredProgress(TaskState state) {
    this(state, null);
  }

  /**
   * The same with a slot that somebody made. Its name is not stored: a task that is told of it no
   * more must not take it for its own, and drop it.
   *
   * @param given the slot's name; null for one of our own
   */
  public StoredProgress(TaskState state, @Nullable String given) {
    this.state = state;
    this.slot = given == null ? own(state) : given;
  }

  private static String own(TaskState state) {
    String known = state.get(SLOT);
    String own = known == null ? newSlotName() : known;
    if (known == null) {
      state.put(SLOT, own);
    }
    return own;
  }

  /** The name of the slot that the task made or would make; empty when it never needed one. */
  public String ownSlot() {
    String known = state.get(SLOT);
    return known == null ? "" : known;
  }

  /** Random: two state directories that use one source must not take each other's slot. */
  private static String newSlotName() {
    return "dynapipe_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }

  @Override
  public Phase phase() {
    String phase = state.get(PHASE);
    return phase == null ? Phase.NEW : Phase.valueOf(phase);
  }

  @Override
  public String slot() {
    return slot;
  }

  @Override
  public Lsn position() {
    String position = state.get(POSITION);
    return position == null ? Lsn.NONE : Lsn.parse(position);
  }

  @Override
  public void enter(Phase phase, Lsn position) {
    Map<String, String> changes = new HashMap<>();
    changes.put(PHASE, phase.name());
    if (!position.isNone()) {
      changes.put(POSITION, position.toString());
    }
    state.change(changes);
  }

  @Override
  public void beginLoad(Lsn position, VisibleTransactions first) {
    state.change(
        Map.of(
            PHASE, Phase.FULL_LOAD.name(),
            POSITION, position.toString(),
            FIRST_SNAPSHOT, first.toString()));
  }

  @Override
  public @Nullable VisibleTransactions firstSnapshot() {
    String first = state.get(FIRST_SNAPSHOT);
    return first == null ? null : VisibleTransactions.parse(first);
  }

  @Override
  public void loadsLater(long oid, VisibleTransactions shown) {
    state.put(LATER_LOAD + oid, shown.toString());
  }

  @Override
  public Map<Long, VisibleTransactions> laterLoads() {
    Map<Long, VisibleTransactions> loads = new HashMap<>();
    state
        .all(LATER_LOAD)
        .forEach(
            (key, shown) ->
                loads.put(
                    Long.valueOf(key.substring(LATER_LOAD.length())),
                    VisibleTransactions.parse(shown)));
    return loads;
  }

  @Override
  public SchemaHistory history() {
    return new StoredSchemaHistory(state);
  }

  @Override
  public void reached(Lsn position) {
    state.put(POSITION, position.toString());
  }

  @Override
  public Set<LoadRange> loaded() {
    Set<LoadRange> ranges = new HashSet<>();
    for (String key : state.all(RANGE).keySet()) {
      Fields fields = new Fields(key.substring(RANGE.length()));
      ranges.add(
          new LoadRange(
              fields.table(),
              fields.table(),
              Long.parseLong(fields.next()),
              Long.parseLong(fields.next()),
              fields.hasNext() ? fields.next() : null));
    }
    return ranges;
  }

  @Override
  public void rangeLoaded(LoadRange range, long rows, long bytes) {
    String pages =
        Fields.of(
            range.table().schema(),
            range.table().name(),
            range.relation().schema(),
            range.relation().name(),
            Long.toString(range.startBlock()),
            Long.toString(range.endBlock()));
    String key = range.condition() == null ? pages : pages + Fields.of(range.condition());
    state.put(RANGE + key, rows + " rows, " + bytes + " bytes");
  }

  @Override
  public Set<TableName> prepared() {
    return tables(PREPARED);
  }

  @Override
  public void tablePrepared(TableName table) {
    state.put(PREPARED + Fields.of(table.schema(), table.name()), "");
  }

  @Override
  public void suspend(TableName table, String reason) {
    state.put(SUSPENDED + Fields.of(table.schema(), table.name()), reason);
  }

  @Override
  public void resume(TableName table) {
    state.delete(SUSPENDED + Fields.of(table.schema(), table.name()));
  }

  @Override
  public Map<TableName, String> suspended() {
    Map<TableName, String> tables = new HashMap<>();
    state
        .all(SUSPENDED)
        .forEach(
            (key, reason) ->
                tables.put(new Fields(key.substring(SUSPENDED.length())).table(), reason));
    return tables;
  }

  @Override
  public void loadOwed(TableName table) {
    state.put(OWED + Fields.of(table.schema(), table.name()), "");
  }

  @Override
  public void loadDone(TableName table) {
    state.delete(OWED + Fields.of(table.schema(), table.name()));
  }

  @Override
  public Set<TableName> loadsOwed() {
    return tables(OWED);
  }

  private Set<TableName> tables(String prefix) {
    Set<TableName> tables = new HashSet<>();
    for (String key : state.all(prefix).keySet()) {
      tables.add(new Fields(key.substring(prefix.length())).table());
    }
    return tables;
  }

  @Override
  public void reset() {
    Map<String, @Nullable String> changes = new HashMap<>();
    state.all("").keySet().stream()
        .filter(key -> !key.equals(SLOT))
        .forEach(key -> changes.put(key, null));
    state.change(changes);
  }

  /** Remembers that tables are to be loaded again as soon as {@link #reload} can be. */
  public void requestReload(Set<TableName> tables) {
    Map<String, String> changes = new HashMap<>();
    tables.forEach(table -> changes.put(RELOAD + Fields.of(table.schema(), table.name()), ""));
    state.change(changes);
  }

  /** The tables that are to be loaded again. */
  public Set<TableName> requestedReload() {
    Set<TableName> tables = new HashSet<>();
    for (String key : state.all(RELOAD).keySet()) {
      tables.add(new Fields(key.substring(RELOAD.length())).table());
    }
    return tables;
  }

  /**
   * Makes tables with a key load again, for a capture whose load has ended: none of their ranges
   * counts as loaded. What the first snapshot showed is forgotten, since it is of no use for a load
   * so much later: the target keeps its rows, and changes come again from where streaming stopped.
   */
  public void reload(Set<TableName> tables) {
    Phase phase = phase();
    Map<String, @Nullable String> changes = new HashMap<>();
    tables.forEach(table -> changes.put(RELOAD + Fields.of(table.schema(), table.name()), null));
    for (String key : state.all(RANGE).keySet()) {
      if (tables.contains(new Fields(key.substring(RANGE.length())).table())) {
        changes.put(key, null);
      }
    }
    changes.put(FIRST_SNAPSHOT, null);
    // Without CDC there is no slot: such a load begins and goes on as NEW.
    changes.put(PHASE, phase == Phase.CDC ? Phase.FULL_LOAD.name() : Phase.NEW.name());
    state.change(changes);
  }

  /** Texts one after another, each behind its length. */
  private static final class Fields {

    private final String text;
    private int at;

    Fields(String text) {
      this.text = text;
    }

    static String of(String... texts) {
      StringBuilder joined = new StringBuilder();
      for (String text : texts) {
        joined.append(Objects.requireNonNull(text).length()).append(':').append(text);
      }
      return joined.toString();
    }

    boolean hasNext() {
      return at < text.length();
    }

    String next() {
      int colon = text.indexOf(':', at);
      int length = Integer.parseInt(text.substring(at, colon));
      at = colon + 1 + length;
      return text.substring(colon + 1, at);
    }

    TableName table() {
      String schema = next();
      return new TableName(schema, next());
    }
  }
}
