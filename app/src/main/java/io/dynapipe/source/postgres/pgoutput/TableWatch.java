package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.Catalog;
import io.dynapipe.source.postgres.PostgresErrors;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SlotState;
import io.dynapipe.source.postgres.SourceTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds tables that were created, dropped or renamed while streaming, which {@code pgoutput} does
 * not tell, or not before their next row.
 *
 * <p>A new table of the selection goes into the publication. Transactions that ran at that moment
 * may have written to it without being published; so it is ready to be loaded only when they have
 * ended, and the snapshot of its load shows them. Not thread-safe; {@link WatchThread} runs it.
 */
final class TableWatch {

  private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);

  /**
   * Writes a record that carries nothing, and tells where: all that was committed before lies
   * before, and the stream is sure to come past it, even if nobody else writes.
   */
  private static final String MARK = "SELECT pg_logical_emit_message(true, 'dynapipe', '')";

  private final PostgresServer server;
  private final StreamConfig config;
  private final Supplier<Map<Long, TableName>> told;
  private final TableWork work;

  /** New tables in the publication, by the first transaction that knows that they are there. */
  private final Map<Long, Long> published = new HashMap<>();

  /** Tables that could not be published, and what was said of them. */
  private final Set<Long> refused = new HashSet<>();

  private final Set<String> warned = new HashSet<>();

  private boolean wasIdle;

  TableWatch(
      PostgresServer server,
      StreamConfig config,
      Supplier<Map<Long, TableName>> told,
      TableWork work) {
    this.server = server;
    this.config = config;
    this.told = told;
    this.work = work;
  }

  /** Looks once. */
  void look() {
    try {
      lookAtAll();
    } catch (PipelineException e) {
      if (PostgresErrors.isClosing(e)) {
        // The server does not end before all that it sent is confirmed, which may take as long as
        // the target is away. After its restart it sends the rest again.
        work.cutOff();
      }
      throw e;
    }
  }

  private void lookAtAll() {
    findCutOff();
    try (Connection connection = server.connections().query()) {
      Catalog catalog = new Catalog(connection, server.info().versionNumber());
      findDeparted(connection, catalog);
      findCreated(connection, catalog);
      release(connection);
    } catch (SQLException e) {
      throw PostgresErrors.during("look for new tables", e);
    }
  }

  /** Twice in a row, so that it is not a connection that is being made just now. */
  private void findCutOff() {
    SlotState state = server.slots().state(config.slot());
    boolean idle = state != null && state.activePid() == null;
    if (idle && wasIdle) {
      work.cutOff();
    }
    wasIdle = idle;
  }

  /** A table that is renamed to what is not selected stays what it was, until its name is taken. */
  private void findDeparted(Connection connection, Catalog catalog) throws SQLException {
    Map<Long, TableName> departed = new HashMap<>(told.get());
    departed.keySet().removeIf(work::isDeparting);
    Map<Long, TableName> now = departed.isEmpty() ? Map.of() : catalog.names(departed.keySet());
    departed.entrySet().removeIf(entry -> hasItsName(entry.getValue(), now.get(entry.getKey())));
    if (!departed.isEmpty()) {
      Lsn mark = Lsn.parse(value(connection, MARK));
      departed.keySet().forEach(oid -> work.depart(oid, mark));
    }
  }

  private boolean hasItsName(TableName toldName, @Nullable TableName now) {
    return now != null && (now.equals(toldName) || !config.selection().includes(now, false));
  }

  private void findCreated(Connection connection, Catalog catalog) throws SQLException {
    Map<Long, TableName> created = new HashMap<>(catalog.replicated(config.selection()));
    created.keySet().removeAll(told.get().keySet());
    created.keySet().removeAll(published.keySet());
    created.keySet().removeIf(work::isPending);
    boolean done = created.isEmpty() || publish(connection, catalog, created, Set.of());
    if (!done && created.size() > 1) {
      // One that cannot be published must not keep the others back.
      for (Map.Entry<Long, TableName> one : created.entrySet()) {
        Set<TableName> others = new HashSet<>(created.values());
        others.remove(one.getValue());
        boolean unused = publish(connection, catalog, Map.of(one.getKey(), one.getValue()), others);
      }
    }
  }

  /** Whether it could be done; what could not is tried again at the next look. */
  private boolean publish(
      Connection connection, Catalog catalog, Map<Long, TableName> created, Set<TableName> others)
      throws SQLException {
    // From now on their changes are left to the load, whose snapshot is later than all of them.
    created.keySet().forEach(work::expect);
    try {
      // What was told stays in the publication under any name: it may come back.
      Set<TableName> known = new HashSet<>(catalog.names(told.get().keySet()).values());
      TableSelection selection = config.selection();
      List<SourceTable> all =
          catalog.tables(
              (table, isView) ->
                  known.contains(table)
                      || (selection.includes(table, isView) && !others.contains(table)));
      server.publications().ensure(config.publications().get(0), all);
      long next =
          Long.parseLong(value(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())"));
      created.keySet().forEach(oid -> published.put(oid, next));
      return true;
    } catch (PipelineException e) {
      created.keySet().forEach(work::giveUp);
      if (PostgresErrors.isAway(e)) {
        throw e;
      }
      if (created.size() == 1) {
        refused(created.keySet().iterator().next(), e);
      }
      return false;
    }
  }

  /** The first time, the table may just have been dropped or renamed. */
  private void refused(long oid, PipelineException cause) {
    if (!refused.add(oid) && warned.add(oid + cause.getMessage())) {
      LOG.warn("a new table is not captured: {} {}", cause.getMessage(), cause.cure());
    }
  }

  /** Gives free what no running transaction can have written to unpublished. */
  private void release(Connection connection) throws SQLException {
    if (!published.isEmpty()) {
      long oldest =
          Long.parseLong(value(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())"));
      List<Long> free =
          published.entrySet().stream()
              .filter(entry -> entry.getValue() <= oldest)
              .map(Map.Entry::getKey)
              .toList();
      if (!free.isEmpty()) {
        // What had the table's name before it must have been told by then.
        Lsn mark = Lsn.parse(value(connection, MARK));
        free.forEach(oid -> work.loadAt(oid, mark));
        published.keySet().removeAll(free);
      }
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
