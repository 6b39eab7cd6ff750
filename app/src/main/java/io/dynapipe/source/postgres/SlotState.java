package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * A replication slot as {@code pg_replication_slots} tells it.
 *
 * @param activePid the server process that streams from it; null when none does
 * @param confirmedFlush what has been confirmed: streaming goes on from here
 * @param restart the oldest WAL the slot keeps; null when the slot is lost
 * @param retainedBytes WAL kept on the source's disk for this slot
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; null
 *     before PostgreSQL 13
 * @param safeBytes WAL that can still be written before the slot is in danger of being lost; null
 *     when {@code max_slot_wal_keep_size} sets no limit
 */
public record SlotState(
    String name,
    String plugin,
    String database,
    @Nullable Integer activePid,
    Lsn confirmedFlush,
    @Nullable Lsn restart,
    long retainedBytes,
    @Nullable String walStatus,
    @Nullable Long safeBytes) {

  /** Whether the server has removed WAL that the slot needs: it can never stream again. */
  public boolean isLost() {
    return "lost".equals(walStatus) || restart == null;
  }
}
