package io.dynapipe.preflight;

import io.dynapipe.preflight.Estimate.Changes;
import io.dynapipe.preflight.Estimate.Sample;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.Sql;
import io.dynapipe.source.postgres.StoredPart;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Looks at sizes, at the server's statistics, and reads a little. */
final class Estimator {

  private static final int SAMPLE_ROWS = 20_000;
  private static final int LEAST_ROWS = 1_000;

  private static final String CHANGES =
      """
      SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint AS changes,
             extract(epoch FROM d.since)::bigint AS since,
             extract(epoch FROM now() - d.since)::bigint AS seconds
      FROM (SELECT coalesce(stats_reset, pg_postmaster_start_time()) AS since
            FROM pg_stat_database WHERE datname = current_database()) d
        LEFT JOIN pg_stat_user_tables s
          ON (s.schemaname, s.relname) IN (SELECT * FROM unnest(?::text[], ?::text[]))
      GROUP BY d.since
      """;

  private Estimator() {}

  static Estimate run(Connection connection, List<SourceTable> tables) throws SQLException {
    Sample sample = sample(connection, tables);
    return new Estimate(
        tables.size(),
        tables.stream().mapToLong(table -> rows(table, sample)).sum(),
        tables.stream().mapToLong(SourceTable::heapBytes).sum(),
        sample,
        changes(connection, tables),
        tables.stream().mapToLong(table -> table.columns().size()).sum(),
        tables.stream().mapToInt(table -> table.columns().size()).max().orElse(0));
  }

  /** A table that was never analysed is taken to have rows like the sample's. */
  private static long rows(SourceTable table, @Nullable Sample sample) {
    long known = table.estimatedRows();
    return known > 0 || sample == null
        ? known
        : table.heapBytes() * sample.rows() / Math.max(1, sample.bytes());
  }

  /** Null also when the largest table cannot be read, which is a finding of another check. */
  private static @Nullable Sample sample(Connection connection, List<SourceTable> tables) {
    SourceTable largest =
        tables.stream().max(Comparator.comparingLong(SourceTable::heapBytes)).orElse(null);
    if (largest == null) {
      return null;
    }
    CountingStream out = new CountingStream();
    long began = System.nanoTime();
    try {
      long rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "COPY (SELECT * FROM "
                      + Sql.table(largest.name())
                      + " LIMIT "
                      + SAMPLE_ROWS
                      + ") TO STDOUT",
                  out);
      Duration time = Duration.ofNanos(System.nanoTime() - began);
      return rows < LEAST_ROWS
          ? null
          : new Sample(largest.name().toString(), rows, out.bytes, time);
    } catch (SQLException | IOException e) {
      return null;
    }
  }

  private static @Nullable Changes changes(Connection connection, List<SourceTable> tables)
      throws SQLException {
    List<StoredPart> parts = tables.stream().flatMap(table -> table.parts().stream()).toList();
    Object[] schemas = parts.stream().map(part -> part.relation().schema()).toArray();
    Object[] names = parts.stream().map(part -> part.relation().name()).toArray();
    return Rows.first(
        connection,
        CHANGES,
        row ->
            new Changes(
                row.getLong("changes"),
                Instant.ofEpochSecond(row.getLong("since")),
                Duration.ofSeconds(row.getLong("seconds"))),
        connection.createArrayOf("text", schemas),
        connection.createArrayOf("text", names));
  }

  private static final class CountingStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }
}
