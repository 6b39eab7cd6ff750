package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.RenamedTables;
import io.dynapipe.sink.RenamedTables.Rename;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The table {@code dynapipe.renames}, with the source's names. */
final class Renames {

  private Renames() {}

  /** All renames so far. */
  static RenamedTables read(Connection connection) throws SQLException {
    List<Rename> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT table_schema, table_name, new_schema, new_name, renamed_micros"
                    + " FROM dynapipe.renames")) {
      while (rows.next()) {
        all.add(
            new Rename(
                new TableName(rows.getString(1), rows.getString(2)),
                new TableName(rows.getString(3), rows.getString(4)),
                rows.getLong(5)));
      }
    }
    return new RenamedTables(all);
  }

  /** Remembers a rename. */
  static void add(Connection connection, Rename rename) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO dynapipe.renames (table_schema, table_name, new_schema, new_name,"
                + " renamed_micros) VALUES (?, ?, ?, ?, ?) ON CONFLICT (table_schema, table_name,"
                + " renamed_micros) DO UPDATE SET new_schema = excluded.new_schema,"
                + " new_name = excluded.new_name")) {
      statement.setString(1, rename.from().schema());
      statement.setString(2, rename.from().name());
      statement.setString(3, rename.to().schema());
      statement.setString(4, rename.to().name());
      statement.setLong(5, rename.micros());
      statement.executeUpdate();
    }
  }
}
