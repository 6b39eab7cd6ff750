package io.dynapipe.task;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream of bytes into lines without decoding them. One thread. */
final class LineReader {

  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line without its end ({@code \n} or {@code \r\n}), or null at the end of input. */
  byte @Nullable [] next() throws IOException {
    int scanned = start;
    while (true) {
      scanned = lineEnd(buffer, scanned, end);
      if (scanned < end) {
        byte[] line = line(scanned);
        start = scanned + 1;
        return line;
      }
      int offset = scanned - start;
      if (!fill()) {
        byte[] last = start < end ? line(end) : null;
        start = end;
        return last;
      }
      scanned = start + offset;
    }
  }

  private static int lineEnd(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private byte[] line(int lineEnd) {
    int to = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    return Arrays.copyOfRange(buffer, start, to);
  }

  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
    }
    int read = in.read(buffer, end, buffer.length - end);
    end += Math.max(read, 0);
    return read >= 0;
  }
}
