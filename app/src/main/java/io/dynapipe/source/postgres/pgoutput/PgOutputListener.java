package io.dynapipe.source.postgres.pgoutput;

import org.jspecify.annotations.Nullable;

/**
 * Takes decoded messages in the order of the stream. Tuples are only valid during the call.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Logical
 *     replication message formats</a>
 */
interface PgOutputListener {

  /** A transaction begins; it has committed at {@code commitLsn}. */
  void begin(long commitLsn, long commitMicros, long xid);

  /**
   * The transaction ends.
   *
   * @param endLsn just after its commit record: what to confirm
   */
  void commit(long endLsn) throws InterruptedException;

  void relation(Relation relation);

  void insert(long relation, Tuple row) throws InterruptedException;

  /**
   * A row was updated.
   *
   * @param old null when the key did not change and the replica identity is not FULL
   * @param oldIsWhole whether {@code old} holds every column (FULL) or only the identity's
   */
  void update(long relation, @Nullable Tuple old, boolean oldIsWhole, Tuple row)
      throws InterruptedException;

  void delete(long relation, Tuple old, boolean oldIsWhole) throws InterruptedException;

  void truncate(long[] relations) throws InterruptedException;
}
