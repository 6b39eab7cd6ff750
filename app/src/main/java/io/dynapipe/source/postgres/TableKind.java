package io.dynapipe.source.postgres;

/** What kind of relation a table is. */
public enum TableKind {
  TABLE,
  /** A partitioned table, read and replicated through its root. */
  PARTITIONED,
  /** A view or materialised view: full load only, logical replication does not know it. */
  VIEW,
  /** A foreign table: full load only. */
  FOREIGN,
  /** An unlogged table: full load only, since its changes are not in the log. */
  UNLOGGED;

  /** Whether logical replication sees changes of it. */
  public boolean isReplicated() {
    return this == TABLE || this == PARTITIONED;
  }
}
