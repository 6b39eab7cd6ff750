package io.dynapipe.verify;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.sink.cratedb.CrateRows;
import io.dynapipe.sink.cratedb.CrateSettings;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares tables of a source with those of a target, value by value, in bounded memory: a first
 * look at both sides sums digests in buckets; where sums differ, a second look finds the rows.
 */
public final class Verification {

  /** Rows of both sides that the second look holds in memory. */
  private static final long MAX_ROWS_HELD = 100_000;

  /** How long a target may be away: somebody waits for the answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PostgresServer server;
  private final TableMappings mappings;
  private final SourceReader source;
  private final TargetReader target;
  private final int maxDifferences;

  /**
   * A comparison.
   *
   * @param mappings what the target is to see of the source
   * @param maxDifferences how many are listed for a table
   */
  public Verification(
      PostgresServer server, SinkUrl sink, TableMappings mappings, int maxDifferences) {
    this.server = server;
    this.mappings = mappings;
    this.source = new SourceReader(server, mappings);
    this.target =
        sink instanceof CrateUrl crate
            ? new CrateRows(CrateSettings.of(crate).withRetryLimit(PATIENCE))::read
            : new PostgresReader((PostgresUrl) sink);
    this.maxDifferences = maxDifferences;
  }

  /**
   * The tables to compare.
   *
   * @throws PipelineException (input) when there are none, or one that must exist does not
   */
  public List<SourceTable> tables() {
    List<SourceTable> tables =
        server.tables(
            TableSelection.requiring(
                mappings.namedTables(), (table, isView) -> !isView && mappings.selects(table)));
    if (tables.isEmpty()) {
      throw PipelineException.input(
          "no table of the source is selected",
          "Check --tables schema.table, or the table mappings, against the source's tables.");
    }
    return tables;
  }

  /**
   * Compares one table.
   *
   * @return null when the mappings do not select it
   * @throws PipelineException when a side cannot be read
   */
  public @Nullable TableVerdict compare(SourceTable table) throws InterruptedException {
    TableSchema schema = source.target(table);
    if (schema == null) {
      return null;
    }
    Buckets here = new Buckets();
    Buckets there = new Buckets();
    if (!target.read(schema, row -> there.add(ComparedRow.of(schema, row)))) {
      return TableVerdict.failed(table.name(), "the target has no table " + schema.table());
    }
    source.read(table, schema, here::add);
    BitSet differing = differing(here, there);
    if (differing.isEmpty()) {
      return verdict(table, here, there, List.of(), false);
    }
    BitSet examined = examined(differing, here, there);
    RowDifferences rows = new RowDifferences();
    Buckets hasher = new Buckets();
    target.read(
        schema,
        row -> {
          ComparedRow compared = ComparedRow.of(schema, row);
          if (examined.get(hasher.bucketOf(compared.key()))) {
            rows.addTarget(compared);
          }
        });
    source.read(
        table,
        schema,
        row -> {
          if (examined.get(hasher.bucketOf(row.key()))) {
            rows.addSource(row);
          }
        });
    List<Difference> all = rows.list();
    boolean more = all.size() > maxDifferences || !examined.equals(differing);
    List<Difference> listed = all.subList(0, Math.min(maxDifferences, all.size()));
    return verdict(table, here, there, new ArrayList<>(listed), more);
  }

  private static TableVerdict verdict(
      SourceTable table, Buckets here, Buckets there, List<Difference> listed, boolean more) {
    return new TableVerdict(table.name(), here.total(), there.total(), listed, more, null);
  }

  private static BitSet differing(Buckets here, Buckets there) {
    BitSet differing = new BitSet();
    for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
      differing.set(bucket, !here.isEqual(there, bucket));
    }
    return differing;
  }

  /** As many of the differing buckets as fit into memory; at least one. */
  private static BitSet examined(BitSet differing, Buckets here, Buckets there) {
    BitSet examined = new BitSet();
    long rows = 0;
    for (int bucket = differing.nextSetBit(0);
        bucket >= 0 && rows < MAX_ROWS_HELD;
        bucket = differing.nextSetBit(bucket + 1)) {
      examined.set(bucket);
      rows += here.rows(bucket) + there.rows(bucket);
    }
    return examined;
  }
}
