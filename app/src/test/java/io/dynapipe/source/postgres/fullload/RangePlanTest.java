package io.dynapipe.source.postgres.fullload;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.ReplicaIdentity;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.StoredPart;
import io.dynapipe.source.postgres.TableKind;
import io.dynapipe.source.postgres.VisibleTransactions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How tables are split. */
final class RangePlanTest {

  private static final TableName NAME = new TableName("public", "t");
  private static final int PAGE = 8192;

  @Test
  void smallTableIsOneRange() {
    assertThat(plan(table(100, true), 1_000, Set.of()))
        .containsExactly(LoadRange.whole(NAME, NAME));
  }

  @Test
  void bigTableIsSplitAndTheLastRangeHasNoEnd() {
    assertThat(plan(table(3_000, true), 1_000, Set.of()))
        .hasToString("[public.t[0..1000), public.t[1000..2000), public.t[2000..end)]");
  }

  @Test
  void tableThatCannotBeReadByPagesIsNotSplit() {
    assertThat(plan(table(3_000, false), 1_000, Set.of()))
        .containsExactly(LoadRange.whole(NAME, NAME));
  }

  @Test
  void nothingIsLeftWhenAllIsDone() {
    assertThat(plan(table(100, true), 1_000, Set.of(LoadRange.whole(NAME, NAME)))).isEmpty();
  }

  @Test
  void rowsWithLargeValuesOfFinishedRangesAreReadAgain() {
    assertThat(changedRows(toasted(List.of("id"), ReplicaIdentity.PRIMARY_KEY))).hasSize(1);
  }

  @Test
  void rowsWithoutAKeyAreNeverReadAgain() {
    assertThat(changedRows(toasted(List.of(), ReplicaIdentity.NOTHING))).isEmpty();
    assertThat(changedRows(toasted(List.of(), ReplicaIdentity.FULL))).isEmpty();
  }

  private static List<LoadTask> changedRows(SourceTable table) {
    return RangePlan.changedRows(
        table,
        Set.of(LoadRange.whole(NAME, NAME)),
        new VisibleTransactions(700, 710, Set.of(), new Lsn(1)));
  }

  private static SourceTable toasted(List<String> key, ReplicaIdentity identity) {
    TableSchema schema = new TableSchema(NAME, List.of(Column.of("id", DataType.INT32)), key);
    StoredPart part = new StoredPart(NAME, 1, PAGE, 0, true, true);
    return new SourceTable(1, TableKind.TABLE, identity, List.of(), schema, List.of(part));
  }

  @Property
  void rangesAndWhatIsDoneCoverEveryPageOnce(
      @ForAll @IntRange(max = 5_000) int pagesBefore,
      @ForAll @IntRange(max = 5_000) int pagesAfter,
      @ForAll @IntRange(min = 1, max = 700) int step,
      @ForAll long seed) {
    List<LoadRange> first = plan(table(pagesBefore, true), step, Set.of());
    Random random = new Random(seed);
    Set<LoadRange> done = new HashSet<>(first);
    done.removeIf(range -> random.nextBoolean());
    List<LoadRange> all = new ArrayList<>(plan(table(pagesAfter, true), step, done));
    all.addAll(done);
    all.sort(Comparator.comparingLong(LoadRange::startBlock));
    long next = 0;
    for (LoadRange range : all) {
      assertThat(range.startBlock()).as("start of %s in %s", range, all).isEqualTo(next);
      next = range.endBlock();
    }
    assertThat(next).isEqualTo(LoadRange.END);
  }

  private static List<LoadRange> plan(SourceTable table, long pages, Set<LoadRange> done) {
    return RangePlan.of(table, LoadOptions.defaults().withRangeBytes(pages * PAGE).resumed(done));
  }

  private static SourceTable table(long pages, boolean ranged) {
    TableSchema schema =
        new TableSchema(NAME, List.of(Column.of("id", DataType.INT32)), List.of("id"));
    StoredPart part = new StoredPart(NAME, pages, pages * PAGE, 0, false, ranged);
    return new SourceTable(
        1, TableKind.TABLE, ReplicaIdentity.PRIMARY_KEY, List.of(), schema, List.of(part));
  }
}
