package io.dynapipe.task;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;

/**
 * The tables in which AWS DMS tells a stream how a task goes on, defined as it defines them. They
 * have no schema.
 */
final class ControlTable {

  static final ControlTable STATUS =
      new ControlTable(
          "awsdms_status",
          List.of("server_name", "task_name"),
          text("server_name", false),
          text("task_name", false),
          new Column("task_status", DataType.STRING, 32, true, null, null, null),
          Column.of("status_time", DataType.TIMESTAMP),
          Column.of("pending_changes", DataType.INT64),
          Column.of("disk_swap_size", DataType.INT64),
          Column.of("task_memory", DataType.INT64),
          text("source_current_position", true),
          Column.of("source_current_timestamp", DataType.TIMESTAMP),
          text("source_tail_position", true),
          Column.of("source_tail_timestamp", DataType.TIMESTAMP),
          Column.of("source_timestamp_applied", DataType.TIMESTAMP));

  static final ControlTable SUSPENDED_TABLES =
      new ControlTable(
          "awsdms_suspended_tables",
          List.of("server_name", "task_name", "table_owner", "table_name"),
          text("server_name", false),
          text("task_name", false),
          text("table_owner", false),
          text("table_name", false),
          new Column("suspend_reason", DataType.STRING, 32, true, null, null, null),
          Column.of("suspend_timestamp", DataType.TIMESTAMP));

  static final ControlTable HISTORY =
      new ControlTable(
          "awsdms_history",
          List.of("server_name", "task_name", "timeslot_type", "timeslot"),
          text("server_name", false),
          text("task_name", false),
          new Column("timeslot_type", DataType.STRING, 32, false, null, null, null),
          new Column("timeslot", DataType.TIMESTAMP, null, false, null, null, null),
          Column.of("timeslot_duration", DataType.INT64),
          Column.of("timeslot_latency", DataType.INT64),
          Column.of("timeslot_records", DataType.INT64),
          Column.of("timeslot_volume", DataType.INT64));

  static final ControlTable APPLY_EXCEPTIONS =
      new ControlTable("awsdms_apply_exceptions", List.of(), exceptions());

  static final ControlTable FULL_LOAD_EXCEPTIONS =
      new ControlTable("awsdms_full_load_exceptions", List.of(), exceptions());

  private final TableSchema schema;
  private final ColumnNames taskColumns;

  private ControlTable(String name, List<String> key, Column... columns) {
    this.schema = new TableSchema(new TableName("", name), List.of(columns), key);
    this.taskColumns =
        ColumnNames.of(schema.columns().stream().limit(2).map(Column::name).toArray(String[]::new));
  }

  private static Column text(String name, boolean nullable) {
    return new Column(name, DataType.STRING, 128, nullable, null, null, null);
  }

  private static Column[] exceptions() {
    return new Column[] {
      text("TASK_NAME", false),
      text("TABLE_OWNER", false),
      text("TABLE_NAME", false),
      new Column("ERROR_TIME", DataType.TIMESTAMP, null, false, null, null, null),
      new Column("STATEMENT", DataType.STRING, null, false, null, null, null),
      new Column("ERROR", DataType.STRING, null, false, null, null, null)
    };
  }

  TableSchema schema() {
    return schema;
  }

  /** Begins a row of all columns. */
  RowBuilder row() {
    return new RowBuilder().begin(schema.columnNames());
  }

  /** Begins a row of the first columns only: server and task. */
  RowBuilder task() {
    return new RowBuilder().begin(taskColumns);
  }

  /** Begins a row of the key. */
  RowBuilder key() {
    return new RowBuilder().begin(schema.keyNames());
  }
}
