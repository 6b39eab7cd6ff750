package io.dynapipe.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Members of a record that this version does not know, kept as JSON text by name, so that passing a
 * record on does not lose them.
 */
public record Extras(
    Map<String, String> record, Map<String, String> control, Map<String, String> metadata) {

  public static final Extras NONE = new Extras(Map.of(), Map.of(), Map.of());

  public Extras {
    record = Collections.unmodifiableMap(new LinkedHashMap<>(record));
    control = Collections.unmodifiableMap(new LinkedHashMap<>(control));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
