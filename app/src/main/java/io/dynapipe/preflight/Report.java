package io.dynapipe.preflight;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check came to.
 *
 * @param findings the weightiest first
 * @param estimate null when the source could not be asked
 */
public record Report(List<Finding> findings, @Nullable Estimate estimate) {

  public Report {
    findings =
        findings.stream().sorted(Comparator.comparing(Finding::severity).reversed()).toList();
  }

  /** The weight of the weightiest finding; INFO when there is none. */
  public Severity worst() {
    return findings.isEmpty() ? Severity.INFO : findings.get(0).severity();
  }
}
