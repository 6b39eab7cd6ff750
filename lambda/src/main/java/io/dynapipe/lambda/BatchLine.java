package io.dynapipe.lambda;

import io.dynapipe.error.PipelineException;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.stream.StoredRecord;
import java.util.List;

/** The log line of a batch: one JSON object, so that CloudWatch Logs Insights finds its members. */
final class BatchLine {

  private final JsonBuffer line = new JsonBuffer(512).raw('{');

  private BatchLine() {}

  /**
   * The line.
   *
   * @param batch of one shard, not empty
   * @param nowMillis to tell how far behind the stream this is
   */
  static String of(
      String requestId,
      List<StoredRecord> batch,
      BatchOutcome outcome,
      long tookMillis,
      long nowMillis) {
    StoredRecord first = batch.get(0);
    StoredRecord last = batch.get(batch.size() - 1);
    TableCounts counts = outcome.total();
    PipelineException failure = outcome.failure();
    BatchLine line =
        new BatchLine()
            .text("level", failure == null || outcome.waiting() ? "INFO" : "ERROR")
            .text("message", message(outcome))
            .text("request_id", requestId)
            .text("shard", first.shard())
            .text("first", first.sequenceNumber().toString())
            .text("last", last.sequenceNumber().toString())
            .number("records", outcome.records())
            .number("loads", counts.loads())
            .number("inserts", counts.inserts())
            .number("updates", counts.updates())
            .number("deletes", counts.deletes())
            .number("table_changes", counts.tableChanges())
            .number("quarantined", counts.quarantined())
            .number("unreadable", outcome.unreadable())
            .number("millis", tookMillis);
    if (last.arrivalMillis() > 0) {
      line.number("behind_millis", Math.max(0, nowMillis - last.arrivalMillis()));
    }
    outcome.setAside().stream()
        .findFirst()
        .ifPresent(entry -> line.text("first_quarantined_reason", entry.reason()));
    if (failure != null) {
      line.text("failed", String.valueOf(outcome.firstFailed()))
          .text("error", String.valueOf(failure.getMessage()))
          .text("cure", failure.cure() == null ? "" : failure.cure());
    }
    return line.line.raw('}').toString();
  }

  private static String message(BatchOutcome outcome) {
    if (outcome.waiting()) {
      return "batch waits for other shards";
    }
    return outcome.complete() ? "batch applied" : "batch not applied";
  }

  private BatchLine text(String name, String value) {
    member(name).string(value);
    return this;
  }

  private BatchLine number(String name, long value) {
    member(name).number(value);
    return this;
  }

  private JsonBuffer member(String name) {
    if (line.size() > 1) {
      line.raw(',');
    }
    return line.string(name).raw(':');
  }
}
