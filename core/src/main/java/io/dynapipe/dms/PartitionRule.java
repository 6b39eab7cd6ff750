package io.dynapipe.dms;

import org.jspecify.annotations.Nullable;

/**
 * How a table's rows are spread over the stream.
 *
 * @param parameter {@code attribute-name}: the column; {@code constant}: the word; else null
 */
public record PartitionRule(PartitionType type, @Nullable String parameter) {

  public static final PartitionRule PRIMARY_KEY =
      new PartitionRule(PartitionType.PRIMARY_KEY, null);
  public static final PartitionRule SCHEMA_TABLE =
      new PartitionRule(PartitionType.SCHEMA_TABLE, null);
  public static final PartitionRule TRANSACTION_ID =
      new PartitionRule(PartitionType.TRANSACTION_ID, null);
  public static final PartitionRule CONSTANT =
      new PartitionRule(PartitionType.CONSTANT, "constant");

  /**
   * Refuses what is not for rows or lacks its parameter.
   *
   * @throws IllegalArgumentException for {@code task-id}, and for {@code attribute-name} or {@code
   *     constant} without a parameter
   */
  public PartitionRule {
    boolean needsParameter = type == PartitionType.ATTRIBUTE_NAME || type == PartitionType.CONSTANT;
    if (type == PartitionType.TASK_ID || needsParameter != (parameter != null)) {
      throw new IllegalArgumentException(
          "partition type " + type.wireName() + " with parameter " + parameter);
    }
  }

  public static PartitionRule attribute(String column) {
    return new PartitionRule(PartitionType.ATTRIBUTE_NAME, column);
  }
}
