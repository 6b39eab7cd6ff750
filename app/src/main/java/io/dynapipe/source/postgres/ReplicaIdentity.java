package io.dynapipe.source.postgres;

/**
 * What PostgreSQL logs of an old row on UPDATE and DELETE, as far as it tells rows apart.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY">REPLICA
 *     IDENTITY</a>
 */
public enum ReplicaIdentity {
  /** The primary key's columns. */
  PRIMARY_KEY,
  /** The columns of a unique index that is not the primary key. */
  INDEX,
  /** The whole old row. */
  FULL,
  /**
   * Nothing, by choice or for want of a primary key. PostgreSQL refuses UPDATE and DELETE on such a
   * table while a publication with these operations holds it, so only inserts can be captured.
   */
  NOTHING
}
