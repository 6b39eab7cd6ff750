package io.dynapipe.service.logs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the lines that another process appends to a file into a log. */
public final class LogFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final int MAX_CHUNK = 1 << 20;

  private final LogStream stream;
  private final Path file;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "dynapipe-log-follower");
            thread.setDaemon(true);
            return thread;
          });
  private long position;

  /** Follows a file from its beginning; it may come later. */
  public LogFollower(LogStream stream, Path file, Clock clock) {
    this.stream = stream;
    this.file = file;
    this.clock = clock;
    long interval = INTERVAL.toMillis();
    var unused = timer.scheduleWithFixedDelay(this::look, 0, interval, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!Files.exists(file)) {
      return;
    }
    try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "r")) {
      long length = lines.length();
      byte[] chunk = new byte[(int) Math.min(MAX_CHUNK, Math.max(0, length - position))];
      lines.seek(position);
      lines.readFully(chunk);
      // A line without its end comes the next time.
      int end = chunk.length;
      while (end > 0 && chunk[end - 1] != '\n') {
        end--;
      }
      if (end == 0 && chunk.length == MAX_CHUNK) {
        end = chunk.length;
      }
      position += end;
      new String(chunk, 0, end, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> stream.append(clock.millis(), line));
    } catch (IOException e) {
      LOG.warn("log {} cannot be followed: {}", file, e.toString());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
