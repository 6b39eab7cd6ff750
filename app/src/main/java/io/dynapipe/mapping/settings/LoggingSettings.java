package io.dynapipe.mapping.settings;

import java.util.Map;

/**
 * {@code Logging}.
 *
 * @param context whether lines tell table and transaction
 * @param components by the component's id, such as SOURCE_CAPTURE
 */
public record LoggingSettings(
    boolean enabled, boolean context, Map<String, LogSeverity> components) {

  public LoggingSettings {
    components = Map.copyOf(components);
  }
}
