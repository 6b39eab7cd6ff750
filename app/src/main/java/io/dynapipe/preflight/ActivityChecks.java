package io.dynapipe.preflight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What slots that exist and transactions that are open do to a new task. */
final class ActivityChecks {

  private static final String SLOTS =
      """
      SELECT slot_name, active, wal_status,
             coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
               ELSE pg_current_wal_lsn() END, restart_lsn), 0)::bigint AS retained
      FROM pg_replication_slots
      WHERE wal_status = 'lost' OR NOT active
      ORDER BY slot_name
      """;

  /** A snapshot without a transaction id does not hold a slot back. */
  private static final String OPEN =
      """
      SELECT pid, coalesce(usename, '') AS usename, coalesce(application_name, '') AS application,
             extract(epoch FROM now() - xact_start)::bigint AS seconds
      FROM pg_stat_activity
      WHERE backend_xid IS NOT NULL AND now() - xact_start > make_interval(secs => ?)
      ORDER BY xact_start
      """;

  private static final String PREPARED =
      """
      SELECT gid, extract(epoch FROM now() - prepared)::bigint AS seconds
      FROM pg_prepared_xacts
      WHERE database = current_database() AND now() - prepared >= make_interval(secs => ?)
      ORDER BY prepared
      """;

  private ActivityChecks() {}

  static void run(Connection connection, Preflight.Limits limits, Findings findings)
      throws SQLException {
    Rows.each(
        connection,
        SLOTS,
        row ->
            slot(
                row.getString("slot_name"),
                row.getString("wal_status"),
                row.getLong("retained"),
                limits,
                findings));
    long seconds = limits.longTransaction().toSeconds();
    Rows.each(
        connection,
        OPEN,
        row ->
            findings.add(
                "long-transactions",
                Severity.WARNING,
                "pid " + row.getInt("pid"),
                String.format(
                    Locale.ROOT,
                    "a transaction of %s %s is open for %,d s: a new slot waits for its end",
                    row.getString("usename"),
                    row.getString("application"),
                    row.getLong("seconds")),
                "Let it end, or end it: SELECT pg_terminate_backend(" + row.getInt("pid") + ")."),
        (double) seconds);
    Rows.each(
        connection,
        PREPARED,
        row ->
            findings.add(
                "prepared-transactions",
                Severity.WARNING,
                row.getString("gid"),
                String.format(
                    Locale.ROOT,
                    "a transaction is prepared for %,d s and not ended: a new slot waits for it",
                    row.getLong("seconds")),
                "Run COMMIT PREPARED or ROLLBACK PREPARED for it."),
        (double) Math.min(seconds, 60));
  }

  private static void slot(
      String name,
      @Nullable String walStatus,
      long retained,
      Preflight.Limits limits,
      Findings findings) {
    String cure = "If nobody needs it any more: SELECT pg_drop_replication_slot('" + name + "').";
    if ("lost".equals(walStatus)) {
      findings.add(
          "slots",
          Severity.WARNING,
          name,
          "the slot has lost WAL that it needs and can never stream again",
          cure + " Its task has to load again (reload-target).");
    } else if (retained >= limits.retainedBytes()) {
      findings.add(
          "slots",
          Severity.WARNING,
          name,
          "the slot, from which nobody streams, keeps " + Sizes.text(retained) + " of WAL",
          "Start its task again. " + cure);
    }
  }
}
