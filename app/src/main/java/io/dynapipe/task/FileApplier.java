package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies DMS events from a file, one a line. The line's number is its sequence number, so messages
 * and quarantine entries tell which line they mean. One thread.
 */
public final class FileApplier {

  private static final int MAX_RECORDS = 10_000;
  private static final long MAX_BYTES = 8 << 20;

  private final String name;
  private final BatchProcessor processor;
  private final Consumer<BatchOutcome> onOutcome;

  /**
   * An applier of one input.
   *
   * @param name identifies the input in quarantine entries: the same on every run over the same
   *     content, another for other content
   * @param onOutcome told after each batch
   */
  public FileApplier(String name, BatchProcessor processor, Consumer<BatchOutcome> onOutcome) {
    this.name = name;
    this.processor = processor;
    this.onOutcome = onOutcome;
  }

  /**
   * Applies all lines; empty ones are passed over.
   *
   * @return lines that held a record
   * @throws PipelineException as the sink gave it; lines before the failed batch are applied, and
   *     applying the file again is right
   */
  public long apply(InputStream in) {
    LineReader lines = new LineReader(in);
    long number = 0;
    long records = 0;
    List<StoredRecord> batch = new ArrayList<>();
    long bytes = 0;
    try {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        number++;
        if (line.length == 0) {
          continue;
        }
        batch.add(new StoredRecord(name, SequenceNumber.of(number), "", line, 0));
        bytes += line.length;
        records++;
        if (batch.size() >= MAX_RECORDS || bytes >= MAX_BYTES) {
          process(batch);
          batch = new ArrayList<>(batch.size());
          bytes = 0;
        }
      }
    } catch (IOException e) {
      throw PipelineException.environment(
          name + " cannot be read after line " + number + ": " + e.getMessage(),
          "Apply it again when it can: what has been applied already does no harm.",
          e);
    }
    process(batch);
    return records;
  }

  private void process(List<StoredRecord> batch) {
    if (batch.isEmpty()) {
      return;
    }
    BatchOutcome outcome = processor.process(batch);
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    onOutcome.accept(outcome);
  }
}
