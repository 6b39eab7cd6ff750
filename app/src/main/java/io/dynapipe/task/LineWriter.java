package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes records one a line: a stream for files and pipes. Durable means here: taken by the
 * operating system.
 */
public final class LineWriter implements RecordWriter {

  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final OutputStream out;
  private byte[] buffer = new byte[1 << 16];
  private int size;

  public LineWriter(OutputStream out) {
    this.out = out;
  }

  @Override
  public CompletableFuture<Void> write(List<StreamRecord> records) {
    try {
      for (StreamRecord line : records) {
        append(line.data());
      }
      send();
      out.flush();
      return DONE;
    } catch (IOException e) {
      return CompletableFuture.failedFuture(
          PipelineException.environment(
              "the events cannot be written: " + e.getMessage(),
              "Is the disk full, or has the reader of the pipe gone?",
              e));
    }
  }

  private void append(byte[] line) throws IOException {
    if (line.length >= buffer.length - size) {
      send();
      if (line.length >= buffer.length) {
        out.write(line);
        out.write('\n');
        return;
      }
    }
    System.arraycopy(line, 0, buffer, size, line.length);
    size += line.length;
    buffer[size++] = '\n';
  }

  private void send() throws IOException {
    out.write(buffer, 0, size);
    size = 0;
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw PipelineException.environment(
          "the events' file cannot be closed: " + e.getMessage(), "Is the disk full?", e);
    }
  }
}
