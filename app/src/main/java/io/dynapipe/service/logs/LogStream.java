package io.dynapipe.service.logs;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest lines of one log, in memory and in a file. When the file has twice the lines that are
 * kept, it is written anew with those. Thread-safe.
 */
public final class LogStream {

  private static final int MAX_EVENTS = 20_000;

  private final String name;
  private final Path file;
  private final Consumer<LogEvent> onEvent;
  private final List<LogEvent> events = new ArrayList<>();
  private final long creationTime;
  private long storedBytes;
  private long linesInFile;
  private long nextNumber;
  private @Nullable BufferedWriter writer;

  /** Reads what the file holds; a last line that a crash has cut is left out. */
  LogStream(String name, Path file, long creationTime, Consumer<LogEvent> onEvent) {
    this.name = name;
    this.file = file;
    this.onEvent = onEvent;
    long created = creationTime;
    try {
      if (Files.exists(file)) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
          restore(line);
        }
        created = events.isEmpty() ? created : events.get(0).ingestionTime();
        rewrite();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("log file " + file + " cannot be read", e);
    }
    this.creationTime = created;
  }

  private void restore(String line) {
    String[] parts = line.split(" ", 4);
    if (parts.length == 4) {
      keep(
          new LogEvent(
              Long.parseLong(parts[0]),
              Long.parseLong(parts[1]),
              Long.parseLong(parts[2]),
              parts[3].replace("\\n", "\n").replace("\\\\", "\\")));
    }
  }

  private void keep(LogEvent event) {
    events.add(event);
    nextNumber = event.number() + 1;
    storedBytes += event.message().length();
    if (events.size() > 2 * MAX_EVENTS) {
      List<LogEvent> old = events.subList(0, events.size() - MAX_EVENTS);
      old.forEach(gone -> storedBytes -= gone.message().length());
      old.clear();
    }
  }

  public String name() {
    return name;
  }

  long creationTime() {
    return creationTime;
  }

  public synchronized long storedBytes() {
    return storedBytes;
  }

  /** What is kept, oldest first. */
  public synchronized List<LogEvent> events() {
    return List.copyOf(events);
  }

  /** What is kept from a number on, oldest first. */
  public synchronized List<LogEvent> since(long number) {
    int from = events.size();
    while (from > 0 && events.get(from - 1).number() >= number) {
      from--;
    }
    return List.copyOf(events.subList(from, events.size()));
  }

  /** Adds a line; told to whoever follows the log. */
  public void append(long timestamp, String message) {
    LogEvent event;
    synchronized (this) {
      event = new LogEvent(nextNumber, timestamp, Math.max(timestamp, 0), message);
      keep(event);
      try {
        write(event);
      } catch (IOException e) {
        // A log that cannot be written must not end the task it speaks of; memory still has it.
        writer = null;
      }
    }
    onEvent.accept(event);
  }

  private void write(LogEvent event) throws IOException {
    BufferedWriter out = writer;
    if (out == null) {
      Files.createDirectories(file.getParent());
      out =
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      writer = out;
    }
    out.write(line(event));
    out.flush();
    linesInFile++;
    if (linesInFile > 2L * MAX_EVENTS) {
      out.close();
      writer = null;
      rewrite();
    }
  }

  private void rewrite() throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(line(event)));
    Files.writeString(beside, text, StandardCharsets.UTF_8);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    linesInFile = events.size();
  }

  private static String line(LogEvent event) {
    return event.number()
        + " "
        + event.timestamp()
        + " "
        + event.ingestionTime()
        + " "
        + event.message().replace("\\", "\\\\").replace("\n", "\\n")
        + "\n";
  }

  synchronized void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("log file " + file + " cannot be closed", e);
    }
  }
}
