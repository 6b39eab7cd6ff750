package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.StreamRecord;
import java.util.List;

/**
 * Decides about a record that is larger than the stream takes. It is neither dropped nor tried
 * again: either something else is written in its place, or the handler has put it elsewhere.
 */
@FunctionalInterface
public interface OversizeHandler {

  /** Stops the writer: for those who have nowhere to put such a record. */
  OversizeHandler REFUSE =
      (record, reason) -> {
        throw reason;
      };

  /**
   * What to write instead, in order: parts of the record, a note about it, or nothing. When this
   * returns, the record's content must be durable elsewhere, or be in what is returned. Called in
   * the order of the records, on one thread at a time.
   *
   * @param reason names the record's partition key, its size and the limit
   * @throws PipelineException when the writer must stop
   */
  List<StreamRecord> replace(StreamRecord record, PipelineException reason);
}
