package io.dynapipe.mapping.settings;

/** How much a component logs; each level includes those before it. */
public enum LogSeverity {
  ERROR,
  WARNING,
  INFO,
  /** As much as the component thinks right; the same as INFO here. */
  DEFAULT,
  DEBUG,
  DETAILED_DEBUG;

  /** The word in the settings. */
  public String word() {
    return "LOGGER_SEVERITY_" + name();
  }
}
