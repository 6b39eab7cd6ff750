package io.dynapipe.sink.cratedb;

import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts rows into bulks by rows and bytes and keeps a few of them on their way while the next is
 * rendered. Thread-safe.
 */
final class BulkWriter {

  /** Appends a row's parameters; null, or why it cannot be written (then nothing is appended). */
  @FunctionalInterface
  interface Rendering<T> {
    @Nullable String render(JsonBuffer out, T item);
  }

  /** Rows that a request of its own is not too much for. */
  private static final int WORTH_A_REQUEST = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);

  private final BulkSender sender;
  private final Requests requests;
  private final CrateSettings.Bulk limits;
  private final ConcurrentLinkedQueue<JsonBuffer> buffers = new ConcurrentLinkedQueue<>();

  BulkWriter(CrateClient client, Requests requests, CrateSettings.Bulk limits) {
    this.sender = new BulkSender(client);
    this.requests = requests;
    this.limits = limits;
  }

  /** A set of writes whose order does not matter. */
  Run run() {
    return new Run(requests.group());
  }

  /** One thread at a time. */
  final class Run {

    private final Requests.Group group;
    private final List<RowFailure> failures = new ArrayList<>();

    private Run(Requests.Group group) {
      this.group = group;
    }

    /** Starts writing rows by one statement. */
    void add(
        String statement, List<RowWrite> writes, Rendering<RowWrite> rendering, Expect expect) {
      add(statement, writes, write -> write, rendering, expect);
    }

    /**
     * Starts one statement for each item.
     *
     * @param origin the write on whose behalf it is, named when it fails
     */
    <T> void add(
        String statement,
        List<T> items,
        Function<T, RowWrite> origin,
        Rendering<T> rendering,
        Expect expect) {
      int enough = bulkRows(items.size(), limits);
      BulkRows rows = new BulkRows(statement, buffer());
      for (T item : items) {
        RowWrite write = origin.apply(item);
        JsonBuffer out = rows.next();
        int start = out.size();
        String problem = render(rendering, out, item);
        if (problem == null) {
          rows.added(write, start);
        } else {
          rows.skipped(start);
          failures.add(new RowFailure(write, problem));
        }
        if (rows.size() >= enough || rows.byteSize() >= limits.maxBytes()) {
          submit(rows, expect);
          rows = new BulkRows(statement, buffer());
        }
      }
      if (rows.size() > 0) {
        submit(rows, expect);
      } else {
        buffers.add(rows.buffer());
      }
    }

    private <T> @Nullable String render(Rendering<T> rendering, JsonBuffer out, T item) {
      try {
        return rendering.render(out, item);
      } catch (AuxNeeded e) {
        // What is on its way must not meet the change of the table that follows.
        group.await();
        throw e;
      }
    }

    private void submit(BulkRows rows, Expect expect) {
      group.submit(
          () -> {
            try {
              return sender.send(rows, expect);
            } finally {
              buffers.add(rows.buffer());
            }
          });
    }

    /** Waits until nothing is on its way any more; what became of it does not matter. */
    void abandon() {
      try {
        group.await();
      } catch (RuntimeException e) {
        LOG.debug("a bulk that is given up: {}", e.getMessage());
      }
    }

    /** Waits until all is written; the rows that can never be. */
    List<RowFailure> await() {
      List<RowFailure> refused = group.await();
      failures.addAll(refused);
      return failures;
    }
  }

  /**
   * Rows of a bulk when so many are to be written: equal bulks, as many as there may be requests at
   * a time or a multiple of it, or one request would be waited for while the others rest.
   */
  static int bulkRows(int rows, CrateSettings.Bulk limits) {
    int bulks = ceilDiv(rows, limits.maxRows());
    if (rows >= limits.maxInFlight() * WORTH_A_REQUEST) {
      bulks = ceilDiv(bulks, limits.maxInFlight()) * limits.maxInFlight();
    }
    return Math.max(1, ceilDiv(rows, Math.max(1, bulks)));
  }

  private static int ceilDiv(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private JsonBuffer buffer() {
    JsonBuffer buffer = buffers.poll();
    return buffer == null ? new JsonBuffer(1 << 16) : buffer;
  }
}
