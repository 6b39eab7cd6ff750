package io.dynapipe.service.engine;

import io.dynapipe.mapping.settings.LogSeverity;
import io.dynapipe.mapping.settings.LoggingSettings;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.service.logs.LogStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

  private final @Nullable LogStream stream;
  private final LoggingSettings settings;
  private final Clock clock;

  /** The log of a task; one that is not to log leaves no stream behind, not even an empty one. */
  TaskLog(LogStore logs, TaskPlan plan, Clock clock) {
    this.settings = plan.logging();
    this.stream = settings.enabled() ? logs.stream(plan.logGroup(), plan.logStream()) : null;
    this.clock = clock;
  }

  void info(Component component, String text) {
    write(component, LogSeverity.INFO, text);
  }

  void warn(Component component, String text) {
    write(component, LogSeverity.WARNING, text);
  }

  void error(Component component, String text) {
    write(component, LogSeverity.ERROR, text);
  }

  private void write(Component component, LogSeverity severity, String text) {
    LogSeverity wanted = settings.components().getOrDefault(component.name(), LogSeverity.DEFAULT);
    if (stream == null || severity.compareTo(wanted) > 0) {
      return;
    }
    char level = severity.name().charAt(0);
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
