package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.DefinitionJson;
import io.dynapipe.sink.Layout;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The schema {@code dynapipe} of the target: what the sink has to remember. */
final class Bookkeeping {

  private static final String CREATE =
      """
      CREATE SCHEMA IF NOT EXISTS dynapipe;
      CREATE TABLE IF NOT EXISTS dynapipe.tables (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        source_schema TEXT NOT NULL,
        source_table TEXT NOT NULL,
        renamed_to_schema TEXT,
        renamed_to_table TEXT,
        created_by_us BOOLEAN NOT NULL,
        target_oid BIGINT NOT NULL,
        layout TEXT NOT NULL,
        aux_column TEXT,
        definition JSON,
        created_micros BIGINT NOT NULL,
        renamed_micros BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (source_schema, source_table)
      );
      CREATE TABLE IF NOT EXISTS dynapipe.quarantine (
        id TEXT PRIMARY KEY,
        table_name TEXT NOT NULL,
        key TEXT NOT NULL,
        operation TEXT NOT NULL,
        event TEXT NOT NULL,
        reason TEXT NOT NULL,
        shard TEXT NOT NULL,
        sequence_number TEXT NOT NULL,
        quarantined_at TIMESTAMP WITH TIME ZONE NOT NULL,
        escaped BOOLEAN NOT NULL DEFAULT false
      );
      CREATE TABLE IF NOT EXISTS dynapipe.renames (
        table_schema TEXT NOT NULL,
        table_name TEXT NOT NULL,
        new_schema TEXT NOT NULL,
        new_name TEXT NOT NULL,
        renamed_micros BIGINT NOT NULL,
        PRIMARY KEY (table_schema, table_name, renamed_micros)
      );
      CREATE TABLE IF NOT EXISTS dynapipe.bookmarks (
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (owner, name)
      )\
      """;

  private static final String SELECT =
      """
      SELECT id, renamed_to_schema, renamed_to_table, created_by_us, layout, aux_column,
             definition, created_micros, renamed_micros, version, target_oid
      FROM dynapipe.tables WHERE source_schema = ? AND source_table = ?\
      """;

  private static final String UPSERT =
      """
      INSERT INTO dynapipe.tables AS t (source_schema, source_table, created_by_us, layout,
        aux_column, definition, created_micros, renamed_micros, target_oid, version)
      VALUES (?, ?, ?, ?, ?, ?::json, ?, ?, ?, 1)
      ON CONFLICT (source_schema, source_table) DO UPDATE SET
        renamed_to_schema = NULL, renamed_to_table = NULL,
        created_by_us = excluded.created_by_us, layout = excluded.layout,
        aux_column = excluded.aux_column, definition = excluded.definition,
        target_oid = excluded.target_oid,
        created_micros = excluded.created_micros, renamed_micros = excluded.renamed_micros,
        version = t.version + 1
      RETURNING id, version\
      """;

  private Bookkeeping() {}

  /**
   * Makes the schema and its tables. Looks first, because {@code CREATE ... IF NOT EXISTS} asks for
   * privileges also when there is nothing to create.
   */
  static void ensure(Connection connection) throws SQLException {
    if (!exists(connection)) {
      lock(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute(CREATE);
      }
    }
  }

  private static boolean exists(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT to_regclass('dynapipe.tables') IS NOT NULL"
                    + " AND to_regclass('dynapipe.quarantine') IS NOT NULL"
                    + " AND to_regclass('dynapipe.renames') IS NOT NULL"
                    + " AND to_regclass('dynapipe.bookmarks') IS NOT NULL")) {
      return result.next() && result.getBoolean(1);
    }
  }

  /** Lets table changes of all processes come one after another, until the transaction's end. */
  static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(hashtext('dynapipe'), 0)");
    }
  }

  /** The record of a table, or null. */
  static @Nullable TableRecord find(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? read(table, result) : null;
      }
    }
  }

  private static TableRecord read(TableName table, ResultSet result) throws SQLException {
    String newSchema = result.getString(2);
    String newName = result.getString(3);
    String definition = result.getString(7);
    return new TableRecord(
        result.getLong(1),
        table,
        newSchema == null || newName == null ? null : new TableName(newSchema, newName),
        result.getBoolean(4),
        result.getLong(11),
        Layout.parse(result.getString(5)),
        result.getString(6),
        definition == null ? null : DefinitionJson.read(definition),
        result.getLong(8),
        result.getLong(9),
        result.getLong(10));
  }

  /** Writes the record, except id and version, which the answer holds as they have become. */
  static TableRecord save(Connection connection, TableRecord record) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
      statement.setString(1, record.table().schema());
      statement.setString(2, record.table().name());
      statement.setBoolean(3, record.createdByUs());
      statement.setString(4, record.layout().toString());
      statement.setString(5, record.auxColumn());
      TableSchema definition = record.definition();
      statement.setString(6, definition == null ? null : DefinitionJson.write(definition));
      statement.setLong(7, record.createdMicros());
      statement.setLong(8, record.renamedMicros());
      statement.setLong(9, record.oid());
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return new TableRecord(
            result.getLong(1),
            record.table(),
            null,
            record.createdByUs(),
            record.oid(),
            record.layout(),
            record.auxColumn(),
            definition,
            record.createdMicros(),
            record.renamedMicros(),
            result.getLong(2));
      }
    }
  }

  static void delete(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM dynapipe.tables WHERE source_schema = ? AND source_table = ?")) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      statement.executeUpdate();
    }
  }

  /** Whether the record is still as it is in the database; cheaper than reading it. */
  static boolean isCurrent(Connection connection, TableRecord record) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id, version FROM dynapipe.tables"
                + " WHERE source_schema = ? AND source_table = ? AND renamed_to_table IS NULL")) {
      statement.setString(1, record.table().schema());
      statement.setString(2, record.table().name());
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            && result.getLong(1) == record.id()
            && result.getLong(2) == record.version();
      }
    }
  }

  /** Gives the record, with its id, another table's name, and leaves a sign under the old one. */
  static void rename(Connection connection, TableRecord record, TableName newName, long micros)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE dynapipe.tables SET source_schema = ?, source_table = ?, renamed_micros = ?,"
                + " version = version + 1 WHERE id = ?")) {
      statement.setString(1, newName.schema());
      statement.setString(2, newName.name());
      statement.setLong(3, micros);
      statement.setLong(4, record.id());
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO dynapipe.tables (source_schema, source_table, renamed_to_schema,"
                + " renamed_to_table, created_by_us, target_oid, layout, created_micros,"
                + " renamed_micros, version) VALUES (?, ?, ?, ?, false, 0, ?, ?, 0, 1)")) {
      statement.setString(1, record.table().schema());
      statement.setString(2, record.table().name());
      statement.setString(3, newName.schema());
      statement.setString(4, newName.name());
      statement.setString(5, record.layout().toString());
      statement.setLong(6, record.createdMicros());
      statement.executeUpdate();
    }
  }
}
