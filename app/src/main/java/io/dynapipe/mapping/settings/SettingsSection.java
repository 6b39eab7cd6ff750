package io.dynapipe.mapping.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.mapping.document.JsonObject;
import java.util.List;

/**
 * An object of the task settings.
 *
 * @param presence what stands for it when nothing is set
 */
record SettingsSection(String name, Presence presence, List<Setting> settings) {

  /** What describing a task shows when a section was never set. */
  enum Presence {
    /** The section with its defaults. */
    ALWAYS,
    /** {@code null}. */
    NULL,
    /** Nothing at all. */
    ABSENT
  }

  static SettingsSection always(String name, Setting... settings) {
    return new SettingsSection(name, Presence.ALWAYS, List.of(settings));
  }

  static SettingsSection nullable(String name, Setting... settings) {
    return new SettingsSection(name, Presence.NULL, List.of(settings));
  }

  static SettingsSection absent(String name, Setting... settings) {
    return new SettingsSection(name, Presence.ABSENT, List.of(settings));
  }

  ObjectNode defaults() {
    ObjectNode defaults = JsonNodeFactory.instance.objectNode();
    settings.forEach(setting -> defaults.set(setting.name(), setting.standard()));
    return defaults;
  }

  /** The section with what a document says in place of what was there. */
  ObjectNode read(JsonObject document, ObjectNode present) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (Setting setting : settings) {
      merged.set(setting.name(), setting.read(document, present.get(setting.name())));
    }
    return merged;
  }
}
