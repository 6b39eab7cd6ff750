package io.dynapipe.sink.cratedb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks CrateDB what a table holds: for comparing and showing, not for writing. Thread-safe. */
public final class CrateQuery {

  private final CrateClient client;

  public CrateQuery(CrateSettings settings) {
    client = new CrateClient(settings);
  }

  /**
   * The rows of a query. Values are String, Boolean, {@code BigDecimal}, {@code List}, {@code Map}
   * or null.
   *
   * @param arguments texts, numbers, booleans, lists of them, or null
   * @throws io.dynapipe.error.PipelineException when the query fails
   */
  public List<List<@Nullable Object>> rows(String statement, @Nullable Object... arguments) {
    return client.execute(statement, arguments).rows();
  }

  /** Makes what was written before visible to queries. */
  public void refresh(String quotedTable) {
    client.execute("REFRESH TABLE " + quotedTable);
  }
}
