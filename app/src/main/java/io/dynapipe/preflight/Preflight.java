package io.dynapipe.preflight;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.rule.RelationKind;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at source, target and tables before a task is made. Changes nothing anywhere.
 *
 * <p>What a person named wrongly (a table that does not exist, mappings that do not fit) is thrown;
 * everything else is a finding.
 */
public final class Preflight {

  /**
   * Above which a thing is worth a finding.
   *
   * @param longTransaction how long a transaction with changes may be open
   * @param retainedBytes WAL that a slot may keep which nobody streams from
   */
  public record Limits(Duration longTransaction, long retainedBytes) {

    /** A minute, and 1 GiB. */
    public static final Limits DEFAULT = new Limits(Duration.ofMinutes(1), 1L << 30);
  }

  /**
   * What the task is to do, as far as checks depend on it.
   *
   * @param cdc whether changes are streamed, or rows only loaded
   */
  record Plan(boolean cdc, boolean toCrate, boolean limitedRecords) {}

  private final PostgresUrl source;
  private final TableMappings mappings;
  private final @Nullable SinkUrl sink;
  private final Plan plan;
  private final Limits limits;

  /**
   * A check of a task to be.
   *
   * @param cdc whether the task streams changes
   * @param sink null to look at the source only
   * @param stream null for the embedded one
   */
  public Preflight(
      PostgresUrl source,
      TableMappings mappings,
      boolean cdc,
      @Nullable SinkUrl sink,
      @Nullable StreamUrl stream,
      Limits limits) {
    this.source = source;
    this.mappings = mappings;
    this.sink = sink;
    this.plan = new Plan(cdc, sink instanceof CrateUrl, stream instanceof KinesisUrl);
    this.limits = limits;
  }

  /**
   * Runs every check.
   *
   * @throws PipelineException (input) when no table is selected, a named one does not exist, or
   *     mappings do not fit a table
   */
  public Report run() {
    Findings findings = new Findings();
    Estimate estimate = null;
    List<SourceTable> tables = List.of();
    PostgresServer server = new PostgresServer(source);
    try (Connection connection = server.connections().query()) {
      ServerChecks.run(connection, server.info(), plan.cdc(), findings);
      tables = tables(server);
      PrivilegeChecks.run(connection, tables, plan.cdc(), findings);
      if (plan.cdc()) {
        ActivityChecks.run(connection, limits, findings);
      }
      TableChecks.run(connection, tables, plan, findings);
      estimate = Estimator.run(connection, tables);
    } catch (SQLException e) {
      findings.error(
          "source",
          "the source does not answer a question of the check: " + e.getMessage(),
          "See the server's log; the role must be allowed to read the system catalogue.");
    } catch (PipelineException e) {
      if (e.kind() == PipelineException.Kind.INPUT) {
        throw e;
      }
      findings.failed("source", e);
    }
    if (sink instanceof CrateUrl crate) {
      CrateChecks.run(crate, targets(tables), findings);
    } else if (sink instanceof PostgresUrl postgres) {
      PostgresTargetChecks.run(source, postgres, findings);
    }
    return new Report(findings.all(), estimate);
  }

  private List<TableName> targets(List<SourceTable> tables) {
    return tables.stream().map(table -> mappings.targetTable(table.name())).toList();
  }

  private List<SourceTable> tables(PostgresServer server) {
    List<SourceTable> tables =
        server.tables(
            TableSelection.requiring(
                mappings.namedTables(),
                (table, isView) ->
                    isView
                        ? !plan.cdc() && mappings.selects(table, RelationKind.VIEW)
                        : mappings.selects(table)));
    if (tables.isEmpty()) {
      throw PipelineException.input(
          "no table of the source is selected",
          "Check --tables schema.table, or the table mappings, against the source's tables.");
    }
    mappings.requireOwnTargets(tables.stream().map(SourceTable::name).toList());
    tables.forEach(table -> mappings.plan(table.schema()));
    return tables;
  }
}
