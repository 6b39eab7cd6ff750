package io.dynapipe.preflight;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateSettings;
import java.time.Duration;
import java.util.List;

/**
 * Whether a CrateDB can be written to, and what it says of itself.
 *
 * @see <a
 *     href="https://cratedb.com/docs/crate/reference/en/latest/admin/system-information.html">System
 *     information</a>
 */
final class CrateChecks {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int OLDEST_MAJOR = 5;

  private static final String VERSION = "SELECT version['number'] FROM sys.nodes LIMIT 1";

  private static final String UNPASSED =
      "SELECT severity, description FROM sys.checks WHERE NOT passed AND severity >= 2"
          + " UNION ALL SELECT severity, description FROM sys.node_checks"
          + " WHERE NOT passed AND NOT acknowledged AND severity >= 2";

  private static final String TABLE =
      "SELECT coalesce(settings['blocks']['read_only'], false)"
          + " OR coalesce(settings['blocks']['write'], false)"
          + " OR coalesce(settings['blocks']['read_only_allow_delete'], false)"
          + " FROM information_schema.tables WHERE table_schema = ? AND table_name = ?";

  private CrateChecks() {}

  static void run(CrateUrl url, List<TableName> targets, Findings findings) {
    CrateQuery crate = new CrateQuery(CrateSettings.of(url).withRetryLimit(PATIENCE));
    try {
      String version = String.valueOf(crate.rows(VERSION).get(0).get(0));
      if (Integer.parseInt(version.replaceFirst("\\..*", "")) < OLDEST_MAJOR) {
        findings.error(
            "sink-version",
            "the target is CrateDB " + version + "; 5 is the oldest that is supported",
            "Upgrade the cluster.");
      }
      crate
          .rows(UNPASSED)
          .forEach(
              row ->
                  findings.add(
                      "sink-health",
                      "3".equals(String.valueOf(row.get(0))) ? Severity.ERROR : Severity.WARNING,
                      url.hosts().get(0),
                      "CrateDB says: " + row.get(1),
                      "See the page that it names."));
      targets.forEach(target -> table(crate, url, target, findings));
    } catch (PipelineException e) {
      findings.failed("sink", e);
    }
  }

  private static void table(CrateQuery crate, CrateUrl url, TableName target, Findings findings) {
    String schema = url.schema() == null ? target.schema() : url.schema();
    boolean blocked =
        crate.rows(TABLE, schema, target.name()).stream()
            .anyMatch(row -> Boolean.TRUE.equals(row.get(0)));
    if (blocked) {
      findings.add(
          "sink-table-blocked",
          Severity.ERROR,
          schema + "." + target.name(),
          "the target table is blocked for writing",
          "If the disk was full, free some space; then ALTER TABLE ... SET (\"blocks.write\" ="
              + " false, \"blocks.read_only\" = false, \"blocks.read_only_allow_delete\" ="
              + " false).");
    }
  }
}
