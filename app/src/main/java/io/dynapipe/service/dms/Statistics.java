package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.event.TableName;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.engine.TableFigures;
import io.dynapipe.service.engine.TableFigures.State;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.state.Resource;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows a task's figures in DMS's shapes. */
final class Statistics {

  private static final int MAX_RECORDS = 500;
  private static final int MAX_RELOADED = 10;

  private final TaskEngine engine;
  private final Clock clock;

  Statistics(TaskEngine engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /** The members of ReplicationTaskStats, which ReplicationStats has, too. */
  ObjectNode summary(Resource task) {
    List<TableFigures> tables = engine.figures(Plans.id(task));
    ObjectNode stats = Json.object();
    long loaded = count(tables, State.COMPLETED);
    stats.put(
        "FullLoadProgressPercent", tables.isEmpty() ? 0 : (int) (100 * loaded / tables.size()));
    long start = RunState.millis(task, "startMillis");
    long stop = RunState.millis(task, "stopMillis");
    stats.put("ElapsedTimeMillis", start == 0 ? 0 : (stop == 0 ? clock.millis() : stop) - start);
    stats.put("TablesLoaded", loaded);
    stats.put("TablesLoading", count(tables, State.FULL_LOAD) + count(tables, State.RELOADING));
    stats.put("TablesQueued", count(tables, State.BEFORE_LOAD));
    stats.put("TablesErrored", count(tables, State.ERROR));
    time(stats, "FreshStartDate", RunState.millis(task, "freshMillis"));
    time(stats, "StartDate", start);
    time(stats, "StopDate", stop);
    time(
        stats,
        "FullLoadStartDate",
        tables.stream()
            .mapToLong(TableFigures::loadStartMillis)
            .filter(t -> t > 0)
            .min()
            .orElse(0));
    if (loaded == tables.size()) {
      time(
          stats,
          "FullLoadFinishDate",
          tables.stream().mapToLong(TableFigures::loadEndMillis).max().orElse(0));
    }
    return stats;
  }

  private static long count(List<TableFigures> tables, State state) {
    return tables.stream().filter(table -> table.state() == state).count();
  }

  private static void time(ObjectNode shown, String member, long millis) {
    if (millis > 0) {
      shown.set(member, Json.seconds(Instant.ofEpochMilli(millis)));
    }
  }

  /** A page of table statistics under this member. */
  ObjectNode tables(Input input, String member, Resource task) {
    return new Listing<TableFigures>(input, table -> table.table().toString())
        .upTo(MAX_RECORDS)
        .filter("schema-name", table -> table.table().schema())
        .filter("table-name", table -> table.table().name())
        .filter("table-state", table -> table.state().toString())
        .answer(member, engine.figures(Plans.id(task)), Statistics::show);
  }

  private static ObjectNode show(TableFigures table) {
    ObjectNode shown = Json.object();
    shown.put("SchemaName", table.table().schema());
    shown.put("TableName", table.table().name());
    shown.put("Inserts", table.captured().inserts());
    shown.put("Deletes", table.captured().deletes());
    shown.put("Updates", table.captured().updates());
    shown.put("Ddls", table.captured().tableChanges());
    shown.put("AppliedInserts", table.applied().inserts());
    shown.put("AppliedDeletes", table.applied().deletes());
    shown.put("AppliedUpdates", table.applied().updates());
    shown.put("AppliedDdls", table.applied().tableChanges());
    shown.put("FullLoadRows", table.applied().loads());
    shown.put("FullLoadCondtnlChkFailedRows", 0);
    shown.put("FullLoadErrorRows", table.applied().quarantined());
    time(shown, "FullLoadStartTime", table.loadStartMillis());
    time(shown, "FullLoadEndTime", table.loadEndMillis());
    shown.put("FullLoadReloaded", table.reloaded());
    time(shown, "LastUpdateTime", table.changedMillis());
    shown.put("TableState", table.state().toString());
    shown.put("ValidationPendingRecords", 0);
    shown.put("ValidationFailedRecords", 0);
    shown.put("ValidationSuspendedRecords", 0);
    shown.put("ValidationState", "Not enabled");
    return shown;
  }

  /**
   * Loads tables of a running task again.
   *
   * @throws Fault when it does not run, or has no such table
   */
  void reload(Input input, Resource task) {
    if (input.text("ReloadOption", "data-reload").equals("validate-only")) {
      throw Fault.invalidCombination("Validation is not offered by this service.");
    }
    Set<TableName> tables =
        input.objects("TablesToReload").stream()
            .map(table -> new TableName(table.required("SchemaName"), table.required("TableName")))
            .collect(Collectors.toSet());
    if (tables.isEmpty() || tables.size() > MAX_RELOADED) {
      throw Fault.invalidValue("TablesToReload must name 1 to 10 tables.");
    }
    if (!Plans.migrationType(task).loads()) {
      throw Fault.invalidState("A task that only replicates changes loads no tables.");
    }
    Set<TableName> known =
        engine.figures(Plans.id(task)).stream()
            .map(TableFigures::table)
            .collect(Collectors.toSet());
    for (TableName table : tables) {
      if (!known.contains(table)) {
        throw Fault.invalidValue("The task has no table " + table + ".");
      }
    }
    if (!RunState.status(task).equals(RunState.RUNNING) || !engine.reload(Plans.id(task), tables)) {
      throw Fault.invalidState("Tables can be reloaded while the task is running only.");
    }
  }
}
