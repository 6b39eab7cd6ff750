package io.dynapipe.preflight;

import io.dynapipe.event.Column;
import io.dynapipe.source.postgres.ReplicaIdentity;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.Sql;
import io.dynapipe.source.postgres.StoredPart;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of the selected tables does not come, or comes otherwise than one may expect. */
final class TableChecks {

  /** CrateDB's {@code mapping.total_fields.limit}, less the columns that Dynapipe adds. */
  private static final int CRATE_COLUMNS = 990;

  private static final String GENERATED =
      """
      SELECT attrelid, string_agg(attname, ', ' ORDER BY attnum) AS names
      FROM pg_attribute WHERE attrelid = ANY (?) AND attnum > 0 AND attgenerated <> ''
      GROUP BY attrelid
      """;

  private TableChecks() {}

  static void run(
      Connection connection, List<SourceTable> tables, Preflight.Plan plan, Findings findings)
      throws SQLException {
    Map<Long, String> generated =
        Rows.byTable(connection, GENERATED, tables, row -> row.getString("names"));
    for (SourceTable table : tables) {
      if (plan.cdc()) {
        changes(table, findings);
      }
      if (plan.toCrate()) {
        crate(table, findings);
      }
      if (plan.limitedRecords() && table.parts().stream().anyMatch(StoredPart::toasted)) {
        findings.add(
            "record-size",
            Severity.WARNING,
            table.name(),
            "the table holds large values, and a record of a Kinesis stream is limited to 1 MiB"
                + " (10 MiB at most, by UpdateMaxRecordSize): a larger row does not get through",
            "Look at the largest: SELECT max(octet_length(t::text)) FROM "
                + Sql.table(table.name())
                + " t; and see what is done with larger ones in docs/kinesis.md.");
      }
      String names = generated.get(table.oid());
      if (names != null) {
        findings.add(
            "generated-columns",
            Severity.INFO,
            table.name(),
            "generated columns are not replicated: " + names,
            "Compute them in the target, or replicate a view of the table by full load.");
      }
    }
  }

  private static void changes(SourceTable table, Findings findings) {
    if (!table.kind().isReplicated()) {
      findings.add(
          "relation-kind",
          Severity.WARNING,
          table.name(),
          "changes of a relation of kind " + table.kind() + " are not in the log: only its load is",
          "ALTER TABLE ... SET LOGGED for an unlogged table; load others again when they change.");
    } else if (table.identity() == ReplicaIdentity.NOTHING) {
      findings.add(
          "replica-identity",
          Severity.WARNING,
          table.name(),
          "the table has no replica identity: its updates and deletes are NOT captured",
          "Add a primary key, or run ALTER TABLE "
              + Sql.table(table.name())
              + " REPLICA IDENTITY FULL;");
    } else if (!table.schema().hasPrimaryKey()) {
      findings.add(
          "primary-key",
          Severity.INFO,
          table.name(),
          "the table has no key: a changed row is found in the target by all its values, which is"
              + " slower",
          "Add a primary key where rows have one.");
    }
  }

  private static void crate(SourceTable table, Findings findings) {
    int columns = table.columns().size();
    if (columns > CRATE_COLUMNS) {
      findings.add(
          "column-count",
          Severity.WARNING,
          table.name(),
          columns + " columns are more than a CrateDB table takes (1,000): those beyond go to aux",
          "Leave some out (remove-column in the table mappings), or query them in aux.");
    }
    List<String> texts = new ArrayList<>();
    for (var each : table.columns()) {
      Column column = each.column();
      if ("numeric".equals(column.sourceType()) && column.precision() == null) {
        texts.add(column.name());
      }
    }
    if (!texts.isEmpty()) {
      findings.add(
          "numeric-without-precision",
          Severity.INFO,
          table.name(),
          "numeric without a precision becomes TEXT in CrateDB, since it may have any number of"
              + " digits: "
              + String.join(", ", texts),
          "Give the column a precision, such as numeric(20,4), or cast in queries:"
              + " data['"
              + texts.get(0)
              + "']::numeric.");
    }
  }
}
