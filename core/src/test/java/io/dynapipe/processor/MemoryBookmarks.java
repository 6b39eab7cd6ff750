package io.dynapipe.processor;

import io.dynapipe.sink.Bookmarks;
import java.util.HashMap;
import java.util.Map;

/** Bookmarks that several sinks of a test may share. */
final class MemoryBookmarks implements Bookmarks {

  private final Map<String, Map<String, String>> texts = new HashMap<>();

  @Override
  public synchronized Map<String, String> read(String owner) {
    return Map.copyOf(texts.getOrDefault(owner, Map.of()));
  }

  @Override
  public synchronized void save(String owner, String name, String value) {
    texts.computeIfAbsent(owner, any -> new HashMap<>()).put(name, value);
  }

  @Override
  public synchronized void remove(String owner, String name) {
    texts.getOrDefault(owner, new HashMap<>()).remove(name);
  }
}
