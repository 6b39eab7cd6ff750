package io.dynapipe.mapping.transform;

/** Which old values an update's event carries ({@code BeforeImageSettings.ColumnFilter}). */
public enum BeforeImageColumns {
  /** Those of the key, and only when the key changed: what a target needs to find the row. */
  CHANGED_KEY,
  /** All that the source tells, save large objects. */
  NON_LOB,
  /** All that the source tells. */
  ALL
}
