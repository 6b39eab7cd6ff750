package io.dynapipe.service.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Json;
import io.dynapipe.stream.embedded.TaskState;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All resources of the service: read from memory, and durable in the state directory before a
 * change is visible. Thread-safe; a change sees and leaves one consistent resource.
 */
public final class Registry {

  private final TaskState state;
  private final Map<Kind, Map<String, Resource>> resources = new EnumMap<>(Kind.class);
  private long lastSequence;

  /** Reads what the state holds. */
  public Registry(TaskState state) {
    this.state = state;
    for (Kind kind : Kind.values()) {
      resources.put(kind, new HashMap<>());
    }
    for (Map.Entry<String, String> entry : state.all("").entrySet()) {
      int slash = entry.getKey().indexOf('/');
      Kind kind = Kind.valueOf(entry.getKey().substring(0, slash));
      String key = entry.getKey().substring(slash + 1);
      ObjectNode stored = Json.parseOwn(entry.getValue());
      Resource resource =
          new Resource(
              kind,
              key,
              stored.get("sequence").longValue(),
              (ObjectNode) stored.get("shown"),
              (ObjectNode) stored.get("kept"));
      of(kind).put(key, resource);
      lastSequence = Math.max(lastSequence, resource.sequence());
    }
  }

  private Map<String, Resource> of(Kind kind) {
    return resources.computeIfAbsent(kind, k -> new HashMap<>());
  }

  public synchronized @Nullable Resource find(Kind kind, String key) {
    Resource resource = of(kind).get(key);
    return resource == null ? null : resource.copy();
  }

  /** The first of a kind, in the order they were made, that passes a test. */
  public synchronized @Nullable Resource find(Kind kind, Predicate<Resource> test) {
    return all(kind).stream().filter(test).findFirst().orElse(null);
  }

  /** All of a kind in the order they were made. */
  public synchronized List<Resource> all(Kind kind) {
    return of(kind).values().stream()
        .sorted(Comparator.comparingLong(Resource::sequence))
        .map(Resource::copy)
        .toList();
  }

  public synchronized int count(Kind kind) {
    return of(kind).size();
  }

  /**
   * Adds a resource.
   *
   * @throws IllegalStateException when there is one with this key
   */
  public synchronized Resource create(Kind kind, String key, ObjectNode shown, ObjectNode kept) {
    if (of(kind).containsKey(key)) {
      throw new IllegalStateException(kind + " " + key + " is there already");
    }
    Resource resource = new Resource(kind, key, lastSequence + 1, shown, kept).copy();
    store(resource);
    lastSequence++;
    return resource.copy();
  }

  /**
   * Changes a resource.
   *
   * @param change works on a copy; when it throws, nothing has changed
   * @return the changed resource; null when it is not there (any more)
   */
  public synchronized @Nullable Resource update(Kind kind, String key, Consumer<Resource> change) {
    Resource old = of(kind).get(key);
    if (old == null) {
      return null;
    }
    Resource changed = old.copy();
    change.accept(changed);
    if (!changed.equals(old)) {
      store(changed);
    }
    return changed.copy();
  }

  private void store(Resource resource) {
    ObjectNode stored = Json.object();
    stored.put("sequence", resource.sequence());
    stored.set("shown", resource.shown());
    stored.set("kept", resource.kept());
    state.put(resource.kind().name() + "/" + resource.key(), Json.text(stored));
    of(resource.kind()).put(resource.key(), resource);
  }

  /** Removes a resource; none is fine. */
  public synchronized void remove(Kind kind, String key) {
    if (of(kind).containsKey(key)) {
      state.delete(kind.name() + "/" + key);
      of(kind).remove(key);
    }
  }
}
