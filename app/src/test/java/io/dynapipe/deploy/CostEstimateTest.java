package io.dynapipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class CostEstimateTest {

  private static final CostEstimate.Load LOAD = new CostEstimate.Load(10, 600);

  private final PipelineSpec spec = PipelineSpec.named("shop");

  @Test
  void showsItsArithmetic() {
    CostEstimate estimate = estimate(spec);

    assertThat(estimate.items())
        .contains(
            new CostEstimate.Item(
                "database db.t4g.micro", "1 x 730 h x 0.016", new BigDecimal("11.68")),
            new CostEstimate.Item(
                "replication dms.t3.medium", "1 x 730 h x 0.073", new BigDecimal("53.29")),
            new CostEstimate.Item(
                "stream, 1 shards", "1 x 730 h x 0.015", new BigDecimal("10.95")));
    assertThat(estimate.total())
        .isEqualTo(
            estimate.items().stream()
                .map(CostEstimate.Item::dollars)
                .reduce(BigDecimal.ZERO, BigDecimal::add));
    assertThat(estimate.date()).matches("\\d{4}-\\d{2}-\\d{2}");
  }

  @Test
  void leavesOutWhatIsNotMade() {
    assertThat(estimate(spec.parameter("Replication", "none")).items())
        .extracting(CostEstimate.Item::part)
        .noneMatch(part -> part.contains("database") || part.contains("endpoints"));
    assertThat(estimate(spec.source("postgresql://u:p@h/d")).items())
        .extracting(CostEstimate.Item::part)
        .noneMatch(part -> part.contains("database"));
  }

  @Test
  void tellsWhichPriceIsMissing() {
    assertThatThrownBy(() -> estimate(spec.parameter("DatabaseClass", "db.x9.huge")))
        .hasMessageContaining("no price of rds.db.x9.huge");
  }

  private static CostEstimate estimate(PipelineSpec spec) {
    return CostEstimate.of(spec, LOAD, CostEstimate.shippedPrices());
  }
}
