package io.dynapipe.service.engine;

import io.dynapipe.service.logs.LogStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes a task's log in the form of DMS's own. Thread-safe. */
final class TaskLog {

  /** Parts of a task, in DMS's words. */
  enum Component {
    TASK_MANAGER,
    TABLES_MANAGER,
    SOURCE_UNLOAD,
    SOURCE_CAPTURE,
    TARGET_APPLY
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final LogStream stream;
  private final Clock clock;

  TaskLog(LogStream stream, Clock clock) {
    this.stream = stream;
    this.clock = clock;
  }

  void info(Component component, String text) {
    write(component, 'I', text);
  }

  void warn(Component component, String text) {
    write(component, 'W', text);
  }

  void error(Component component, String text) {
    write(component, 'E', text);
  }

  private void write(Component component, char level, String text) {
    Instant now = clock.instant();
    String caller =
        StackWalker.getInstance()
            .walk(frames -> frames.skip(2).findFirst())
            .map(frame -> "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
            .orElse("(?)");
    stream.append(
        now.toEpochMilli(),
        String.format(
            Locale.ROOT,
            "%08d: %s [%-16s]%c:  %s  %s",
            Thread.currentThread().getId(),
            TIME.format(now),
            component,
            level,
            text,
            caller));
  }
}
