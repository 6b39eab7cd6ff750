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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies DMS events from a file, one a line. The line's number is its sequence number, so messages
 * and quarantine entries tell which line they mean. One thread.
 */
public final class FileApplier {

  private static final int MAX_RECORDS = 10_000;
  private static final long MAX_BYTES = 8 << 20;
  private static final long LONG_LINE = 1 << 20;

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
   * Applies all lines; empty ones are passed over. While a batch is written, the next one is
   * prepared, and the one after that is read and decoded; large lines come one after another.
   *
   * @return lines that held a record
   * @throws PipelineException as the sink gave it; lines before the failed batch are applied, and
   *     applying the file again is right
   */
  public long apply(InputStream in) {
    Batches batches = new Batches(new LineReader(in));
    ExecutorService decoding =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "dynapipe-decode");
              thread.setDaemon(true);
              return thread;
            });
    try {
      BatchProcessor.Running last = null;
      Future<@Nullable Batch> next = decoding.submit(batches::next);
      for (Batch batch = get(next); batch != null; batch = get(next)) {
        if (batch.isLarge()) {
          // Memory is for one such batch, not for those before and behind it, too.
          end(last);
          last = null;
          end(processor.begin(batch.decoded(), null));
          next = decoding.submit(batches::next);
          continue;
        }
        next = decoding.submit(batches::next);
        BatchProcessor.Running running = processor.begin(batch.decoded(), last);
        end(last);
        last = running;
      }
      end(last);
    } finally {
      decoding.shutdownNow();
    }
    return batches.records;
  }

  /** What is read at once. */
  private record Batch(BatchProcessor.Decoded decoded, long bytes) {

    /** Whether lines of it are larger than a batch should be. */
    boolean isLarge() {
      return bytes > MAX_BYTES + LONG_LINE;
    }
  }

  private static @Nullable Batch get(Future<@Nullable Batch> batch) {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PipelineException failure) {
        throw failure;
      }
      throw new IllegalStateException("reading events failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while reading events", e);
    }
  }

  /** Cuts the input into batches and decodes them. One thread at a time. */
  private final class Batches {

    private final LineReader lines;
    private long number;
    private long records;

    Batches(LineReader lines) {
      this.lines = lines;
    }

    /** The next batch, or null at the end. */
    @Nullable Batch next() {
      List<StoredRecord> batch = new ArrayList<>();
      long bytes = 0;
      try {
        while (batch.size() < MAX_RECORDS && bytes < MAX_BYTES) {
          byte[] line = lines.next();
          if (line == null) {
            break;
          }
          number++;
          if (line.length > 0) {
            batch.add(new StoredRecord(name, SequenceNumber.of(number), "", line, 0));
            bytes += line.length;
          }
        }
      } catch (IOException e) {
        throw PipelineException.environment(
            name + " cannot be read after line " + number + ": " + e.getMessage(),
            "Apply it again when it can: what has been applied already does no harm.",
            e);
      }
      records += batch.size();
      return batch.isEmpty() ? null : new Batch(processor.decode(batch), bytes);
    }
  }

  private void end(BatchProcessor.@Nullable Running batch) {
    if (batch == null) {
      return;
    }
    BatchOutcome outcome = batch.end();
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    onOutcome.accept(outcome);
  }
}
