package io.dynapipe.verify;

import io.dynapipe.event.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the comparison of a table came to.
 *
 * @param table its name at the source
 * @param sourceRows rows that the target should hold
 * @param differences the first ones; none when the sides are equal
 * @param more whether there are more than are listed
 * @param problem why the table could not be compared; null when it was
 */
public record TableVerdict(
    TableName table,
    long sourceRows,
    long targetRows,
    List<Difference> differences,
    boolean more,
    @Nullable String problem) {

  public TableVerdict {
    differences = List.copyOf(differences);
  }

  static TableVerdict failed(TableName table, String problem) {
    return new TableVerdict(table, 0, 0, List.of(), false, problem);
  }

  /** Whether both sides hold the same rows. */
  public boolean isEqual() {
    return problem == null && differences.isEmpty() && !more && sourceRows == targetRows;
  }
}
