package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.FormerNames;
import io.dynapipe.sink.FormerNames.Parting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code dynapipe.renames}, with the source's names. A dropped table's new name is empty.
 */
final class Partings {

  private Partings() {}

  /** All so far. */
  static FormerNames read(Connection connection) throws SQLException {
    List<Parting> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT table_schema, table_name, new_schema, new_name, renamed_micros"
                    + " FROM dynapipe.renames")) {
      while (rows.next()) {
        String to = rows.getString(4);
        all.add(
            new Parting(
                new TableName(rows.getString(1), rows.getString(2)),
                to.isEmpty() ? null : new TableName(rows.getString(3), to),
                rows.getLong(5)));
      }
    }
    return new FormerNames(all);
  }

  /** Remembers a drop, in place of those told later: what follows it is not before them. */
  static void addDrop(Connection connection, TableName table, long micros) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM dynapipe.renames WHERE table_schema = ? AND table_name = ?"
                + " AND new_name = '' AND renamed_micros > ?")) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      statement.setLong(3, micros);
      statement.executeUpdate();
    }
    add(connection, new Parting(table, null, micros));
  }

  /** Remembers one. */
  static void add(Connection connection, Parting parting) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO dynapipe.renames (table_schema, table_name, new_schema, new_name,"
                + " renamed_micros) VALUES (?, ?, ?, ?, ?) ON CONFLICT (table_schema, table_name,"
                + " renamed_micros) DO UPDATE SET new_schema = excluded.new_schema,"
                + " new_name = excluded.new_name")) {
      TableName to = parting.to();
      statement.setString(1, parting.from().schema());
      statement.setString(2, parting.from().name());
      statement.setString(3, to == null ? "" : to.schema());
      statement.setString(4, to == null ? "" : to.name());
      statement.setLong(5, parting.micros());
      statement.executeUpdate();
    }
  }
}
