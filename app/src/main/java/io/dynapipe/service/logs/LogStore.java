package io.dynapipe.service.logs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All logs, by group and stream, in files of a directory. Thread-safe. */
public final class LogStore implements AutoCloseable {

  /** Told of each line as it comes; must return at once. */
  public interface Follower {
    void onEvent(String group, String stream, LogEvent event);
  }

  private final Path directory;
  private final Clock clock;
  private final SortedMap<String, SortedMap<String, LogStream>> groups = new TreeMap<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();

  /** Reads what is there. */
  public LogStore(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
    if (Files.isDirectory(directory)) {
      for (Path group : list(directory)) {
        for (Path file : list(group)) {
          String name = file.getFileName().toString();
          if (name.endsWith(".log")) {
            var unused =
                stream(
                    decode(group.getFileName().toString()),
                    decode(name.substring(0, name.length() - ".log".length())));
          }
        }
      }
    }
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("directory " + directory + " cannot be read", e);
    }
  }

  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static String decode(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }

  /** The log of this name, made when it is not there. */
  public synchronized LogStream stream(String group, String stream) {
    return groups
        .computeIfAbsent(group, name -> new TreeMap<>())
        .computeIfAbsent(
            stream,
            name ->
                new LogStream(
                    name,
                    directory.resolve(encode(group)).resolve(encode(name) + ".log"),
                    clock.millis(),
                    event -> followers.forEach(f -> f.onEvent(group, name, event))));
  }

  /** Groups by name. */
  synchronized List<String> groups() {
    return List.copyOf(groups.keySet());
  }

  /** The log of this name, or null when there is none. */
  public synchronized @Nullable LogStream find(String group, String stream) {
    SortedMap<String, LogStream> streams = groups.get(group);
    return streams == null ? null : streams.get(stream);
  }

  /** Streams of a group by name; none when there is no such group. */
  public synchronized List<LogStream> streams(String group) {
    SortedMap<String, LogStream> streams = groups.get(group);
    return streams == null ? List.of() : List.copyOf(streams.values());
  }

  synchronized boolean hasGroup(String group) {
    return groups.containsKey(group);
  }

  public void follow(Follower follower) {
    followers.add(follower);
  }

  public void unfollow(Follower follower) {
    followers.remove(follower);
  }

  @Override
  public synchronized void close() {
    groups.values().forEach(streams -> streams.values().forEach(LogStream::close));
  }
}
