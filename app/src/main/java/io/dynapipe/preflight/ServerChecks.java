package io.dynapipe.preflight;

import io.dynapipe.source.postgres.ServerInfo;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether the source's settings let a task run, and for how long.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/runtime-config-replication.html">Replication
 *     settings</a>
 */
final class ServerChecks {

  private static final int OLDEST = 130_000;
  private static final int SHORT_TIMEOUT_MILLIS = 10_000;

  private static final String SETTINGS =
      """
      SELECT current_setting('max_replication_slots')::int AS max_slots,
             (SELECT count(*) FROM pg_replication_slots) AS slots,
             current_setting('max_wal_senders')::int AS max_senders,
             (SELECT count(*) FROM pg_stat_replication) AS senders,
             (SELECT setting::int FROM pg_settings WHERE name = 'wal_sender_timeout')
               AS sender_timeout_ms,
             (SELECT setting::int FROM pg_settings WHERE name = 'max_slot_wal_keep_size')
               AS keep_mb,
             current_setting('server_encoding') AS encoding
      """;

  private ServerChecks() {}

  static void run(Connection connection, ServerInfo server, boolean cdc, Findings findings)
      throws SQLException {
    if (server.versionNumber() < OLDEST) {
      findings.error(
          "server-version",
          "the source is PostgreSQL " + server.version() + "; 13 is the oldest that is supported",
          "Upgrade the server.");
    }
    if (cdc) {
      changes(server, findings);
    }
    Rows.each(
        connection,
        SETTINGS,
        row -> {
          if (row.getString("encoding").equals("SQL_ASCII")) {
            findings.warning(
                "encoding",
                "the database's encoding is SQL_ASCII: texts that are not UTF-8 cannot be read",
                "Dump and restore it into a database with ENCODING 'UTF8'.");
          }
          if (cdc) {
            room(
                "replication-slots",
                "replication slots",
                "max_replication_slots",
                row.getInt("slots"),
                row.getInt("max_slots"),
                findings);
            room(
                "wal-senders",
                "WAL senders",
                "max_wal_senders",
                row.getInt("senders"),
                row.getInt("max_senders"),
                findings);
            timeout(row.getInt("sender_timeout_ms"), findings);
            keepSize(row.getInt("keep_mb"), findings);
          }
        });
  }

  private static void changes(ServerInfo server, Findings findings) {
    if (!server.walLevel().equals("logical")) {
      findings.error(
          "wal-level",
          "the source cannot capture changes: wal_level is " + server.walLevel() + ", not logical",
          "Run ALTER SYSTEM SET wal_level = logical and restart the server; on Amazon RDS set"
              + " rds.logical_replication = 1 in the parameter group and reboot.");
    }
    if (server.inRecovery()) {
      findings.error(
          "standby",
          "the source is a standby, on which no publication can be made",
          "Name the primary server.");
    }
  }

  private static void room(
      String check, String what, String setting, int used, int most, Findings findings) {
    if (used >= most) {
      findings.error(
          check,
          "all " + most + " " + what + " of the source are in use; a task needs one",
          "Raise " + setting + " and restart the server, or drop a slot that nobody needs.");
    }
  }

  private static void timeout(int millis, Findings findings) {
    if (millis > 0 && millis < SHORT_TIMEOUT_MILLIS) {
      findings.warning(
          "wal-sender-timeout",
          "wal_sender_timeout is "
              + millis
              + " ms: a short pause of the network ends the replication connection",
          "Set wal_sender_timeout to 60s, or to 0 to have none.");
    }
  }

  private static void keepSize(int megabytes, Findings findings) {
    if (megabytes < 0) {
      findings.info(
          "slot-wal-keep-size",
          "max_slot_wal_keep_size is -1: while a task is stopped, WAL kept for its slot grows until"
              + " the source's disk is full",
          "Set max_slot_wal_keep_size to what the disk can spare; a slot that falls behind it is"
              + " lost, and its task loads again. Delete tasks that are no longer needed.");
    } else {
      findings.info(
          "slot-wal-keep-size",
          "max_slot_wal_keep_size is "
              + megabytes
              + " MB: a task that falls behind by more loses its slot and has to load again",
          "Raise it if the target may be away for long; the embedded stream keeps changes, too, so"
              + " that the slot goes on.");
    }
  }
}
