package io.dynapipe.mapping.transform;

/**
 * What a task says for all its tables.
 *
 * @param withoutLobs whether columns of large objects are left out
 * @param targetSchema the schema of tables whose schema no rule renames; empty for their own
 */
public record PlanOptions(boolean withoutLobs, String targetSchema) {

  /** Large objects come, and schemas stay. */
  public static final PlanOptions NONE = new PlanOptions(false, "");
}
