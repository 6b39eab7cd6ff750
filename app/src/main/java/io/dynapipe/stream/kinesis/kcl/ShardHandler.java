package io.dynapipe.stream.kinesis.kcl;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.StoredRecord;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Handles the records of one shard, while this worker has the shard's lease. One thread. */
@FunctionalInterface
public interface ShardHandler {

  /** Makes a handler for each lease that the worker gets. Thread-safe. */
  @FunctionalInterface
  interface Factory {

    ShardHandler open(String shard);
  }

  /** Where whoever has the lease next goes on. */
  @FunctionalInterface
  interface Marks {

    /** All records up to this one are handled for good. */
    void save(StoredRecord handled) throws InterruptedException;
  }

  /**
   * Handles records in order, and marks how far it has come. The first of them may have been
   * handled before, by this worker or by another. Trouble that passes is waited out here.
   *
   * @param leaseIsHeld asked before each step
   * @return whether all are handled and marked; false when the lease is gone
   * @throws PipelineException when the worker has to end
   */
  boolean apply(List<StoredRecord> records, Marks marks, BooleanSupplier leaseIsHeld)
      throws InterruptedException;
}
