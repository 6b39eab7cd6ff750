package io.dynapipe.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks into the databases of an {@link EmbeddedServer}. */
public final class EmbeddedQuery {

  private EmbeddedQuery() {}

  /** A connection to what {@link EmbeddedServer#url} names. */
  public static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(
        url.replace("postgresql://postgres@", "jdbc:postgresql://"), "postgres", "");
  }

  /** The first column of each row, as text; on a connection of its own. */
  public static List<String> rows(String url, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
