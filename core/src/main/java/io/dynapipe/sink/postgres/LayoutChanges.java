package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What table changes mean in a layout. */
interface LayoutChanges {

  static LayoutChanges of(Layout layout) {
    return layout == Layout.COLUMNS ? new ColumnsChanges() : new DocumentChanges();
  }

  /**
   * Makes the table.
   *
   * @param aux columns layout: name of the column for exact texts
   */
  void create(Connection connection, TableName name, TableSchema schema, String aux)
      throws SQLException;

  /**
   * Brings a table from its recorded definition to the new one.
   *
   * @return columns layout: name of the aux column from now on, or null when there is none
   */
  @Nullable String alter(
      Connection connection, TargetTable target, TableSchema schema, TableChange change)
      throws SQLException;
}
