package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.Catalog;
import io.dynapipe.source.postgres.CatalogAttribute;
import io.dynapipe.source.postgres.PostgresConnections;
import io.dynapipe.source.postgres.PostgresErrors;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the server, over a connection for each question: definitions change seldom. */
final class LiveCatalog implements TableLookup {

  private final PostgresConnections connections;
  private final int versionNumber;

  LiveCatalog(PostgresConnections connections, int versionNumber) {
    this.connections = connections;
    this.versionNumber = versionNumber;
  }

  @Override
  public @Nullable SourceTable table(long oid) {
    try (Connection connection = connections.query()) {
      return new Catalog(connection, versionNumber).table(oid);
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  @Override
  public @Nullable SourceTable table(TableName name) {
    return ask(
        catalog ->
            catalog.tables((table, isView) -> !isView && table.equals(name)).stream()
                .findFirst()
                .orElse(null));
  }

  @Override
  public List<CatalogAttribute> attributes(long oid) {
    return ask(catalog -> catalog.attributes(oid));
  }

  @Override
  public SourceColumn column(String name, int attribute, long typeOid, int typmod) {
    return ask(catalog -> catalog.column(name, attribute, typeOid, typmod));
  }

  private <T extends @Nullable Object> T ask(Function<Catalog, T> question) {
    try (Connection connection = connections.query()) {
      return question.apply(new Catalog(connection, versionNumber));
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }
}
