package io.dynapipe.cli;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows how long work goes on: one line that is written over on a terminal, a line every ten
 * seconds where there is none (the launcher knows: from JDK 22 on, Java does not). Thread-safe.
 */
final class ProgressLine implements AutoCloseable {

  private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LOG_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintWriter err;
  private final String verb;
  private final boolean terminal = Boolean.getBoolean("dynapipe.terminal");
  private final long began = System.nanoTime();
  private long shown = began;
  private long last;
  private boolean dirty;

  ProgressLine(PrintWriter err, String verb) {
    this.err = err;
    this.verb = verb;
  }

  /** Tells how much is done by now. */
  synchronized void update(long done, String unit) {
    long now = System.nanoTime();
    if (done == last || now - shown < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    shown = now;
    last = done;
    double seconds = Math.max((now - began) / 1e9, 1e-3);
    String text = String.format("%s %,d %s, %,.0f/s", verb, done, unit, done / seconds);
    if (terminal) {
      err.print("\r" + text + "\u001b[K");
      dirty = true;
    } else {
      err.println(text);
    }
    err.flush();
  }

  /** Takes the line from the terminal. */
  @Override
  public synchronized void close() {
    if (dirty) {
      err.print("\r\u001b[K");
      err.flush();
      dirty = false;
    }
  }
}
