package io.dynapipe.sink;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * What a task of AWS DMS sends, in the order of a genuine capture: control tables, {@code
 * drop-table} and {@code create-table} of several tables interleaved, rows of the load out of
 * order, one table without a key, JSON that is told from text by nothing; then changes.
 */
public final class DmsTask {

  private static final Path FILE = Path.of("src", "test", "resources", "dms", "task.ndjson");

  private DmsTask() {}

  /** Applies the whole file, some records at a time. */
  public static List<BatchOutcome> apply(Sink sink, int recordsInBatch) {
    BatchProcessor processor = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
    List<BatchOutcome> outcomes = new ArrayList<>();
    List<StoredRecord> records = records();
    for (int from = 0; from < records.size(); from += recordsInBatch) {
      int to = Math.min(records.size(), from + recordsInBatch);
      outcomes.add(processor.process(records.subList(from, to)));
    }
    return outcomes;
  }

  private static List<StoredRecord> records() {
    List<StoredRecord> records = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(FILE)) {
        byte[] event = line.getBytes(StandardCharsets.UTF_8);
        records.add(
            new StoredRecord("0", SequenceNumber.of(records.size() + 1L), "task", event, 0));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }
}
