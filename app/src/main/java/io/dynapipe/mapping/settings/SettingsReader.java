package io.dynapipe.mapping.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.mapping.document.JsonObject;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.settings.SettingsSection.Presence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a settings document over present settings. */
final class SettingsReader {

  static final String CLEAN_UP = "FailTaskWhenCleanTaskResourceFailed";
  static final String POST_PROCESSING = "PostProcessingRules";
  static final String CHARACTER_SETS = "CharacterSetSettings";
  static final String LOG_GROUP = "CloudWatchLogGroup";
  static final String LOG_STREAM = "CloudWatchLogStream";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ObjectNode present;
  private final boolean create;
  private final Problems problems = new Problems("task settings", "docs/task-settings.md");

  private SettingsReader(ObjectNode present, boolean create) {
    this.present = present;
    this.create = create;
  }

  /** All settings as DMS writes them for a task that sets none. */
  static ObjectNode defaults() {
    return new SettingsReader(NODES.objectNode(), true).merged(null);
  }

  /**
   * The present settings with those of a document in their place.
   *
   * @param create whether the task is new
   * @throws io.dynapipe.error.PipelineException (input) that names every problem
   */
  static ObjectNode read(ObjectNode present, String json, boolean create) {
    SettingsReader reader = new SettingsReader(present, create);
    JsonObject document = JsonObject.parse(json, reader.problems);
    reader.problems.throwIfAny();
    ObjectNode merged = reader.merged(document);
    document.end();
    new SettingsCheck(merged, document).check();
    reader.problems.throwIfAny();
    return merged;
  }

  /** In DMS's order. */
  private ObjectNode merged(@Nullable JsonObject document) {
    ObjectNode merged = NODES.objectNode();
    section(SettingsCatalogue.TARGET_METADATA, document, merged);
    section(SettingsCatalogue.FULL_LOAD, document, merged);
    section(SettingsCatalogue.TIME_TRAVEL_SETTINGS, document, merged);
    section(SettingsCatalogue.LOGGING, document, merged);
    section(SettingsCatalogue.CONTROL_TABLES, document, merged);
    section(SettingsCatalogue.STREAM_BUFFERS, document, merged);
    section(SettingsCatalogue.DDL_POLICY, document, merged);
    section(SettingsCatalogue.ERRORS, document, merged);
    section(SettingsCatalogue.TUNING, document, merged);
    section(SettingsCatalogue.VALIDATION_SETTINGS, document, merged);
    postProcessing(document, merged);
    characterSets(document, merged);
    section(SettingsCatalogue.LOOPBACK, document, merged);
    section(SettingsCatalogue.BEFORE_IMAGE, document, merged);
    boolean cleanUp = present.path(CLEAN_UP).asBoolean(false);
    merged.set(
        CLEAN_UP,
        BooleanNode.valueOf(document == null ? cleanUp : document.bool(CLEAN_UP, cleanUp)));
    return merged;
  }

  private void section(SettingsSection section, @Nullable JsonObject document, ObjectNode merged) {
    JsonNode before = present.get(section.name());
    boolean given = document != null && document.has(section.name());
    boolean reset = document != null && document.any(section.name()) instanceof NullNode;
    boolean optional = section.presence() != Presence.ALWAYS;
    if (!given && optional && (reset || !(before instanceof ObjectNode))) {
      if (section.presence() == Presence.NULL) {
        merged.putNull(section.name());
      }
      return;
    }
    ObjectNode base = before instanceof ObjectNode object ? object : defaults(section);
    if (document == null || !given) {
      merged.set(section.name(), base);
      return;
    }
    JsonObject member = document.object(section.name());
    ObjectNode read = section.read(member, base);
    nested(section, member, base, read);
    member.end();
    merged.set(section.name(), read);
  }

  private static ObjectNode defaults(SettingsSection section) {
    ObjectNode defaults = section.defaults();
    if (section.equals(SettingsCatalogue.LOGGING)) {
      defaults.set("LogComponents", LogComponents.defaults());
      defaults.putNull(LOG_GROUP);
      defaults.putNull(LOG_STREAM);
    }
    if (section.equals(SettingsCatalogue.TIME_TRAVEL_SETTINGS)) {
      defaults.putNull(SettingsCatalogue.TIME_TRAVEL_S3.name());
      defaults.putNull(SettingsCatalogue.TIME_TRAVEL_RECORDS.name());
    }
    return defaults;
  }

  /** What a section holds besides plain members. */
  private void nested(
      SettingsSection section, JsonObject member, ObjectNode base, ObjectNode read) {
    if (section.equals(SettingsCatalogue.LOGGING)) {
      logging(member, base, read);
    }
    if (section.equals(SettingsCatalogue.TIME_TRAVEL_SETTINGS)) {
      for (SettingsSection part :
          List.of(SettingsCatalogue.TIME_TRAVEL_S3, SettingsCatalogue.TIME_TRAVEL_RECORDS)) {
        JsonNode before = base.get(part.name());
        if (member.has(part.name())) {
          JsonObject object = member.object(part.name());
          read.set(
              part.name(),
              part.read(object, before instanceof ObjectNode node ? node : part.defaults()));
          object.end();
        } else {
          read.set(part.name(), before == null ? NullNode.instance : before);
        }
      }
    }
  }

  private void logging(JsonObject member, ObjectNode base, ObjectNode read) {
    read.set("LogComponents", LogComponents.read(member, base.path("LogComponents")));
    member.bool("DeleteTaskLogs", false); // an order, not a setting: it is not written back
    if (member.has("LogConfiguration")) {
      member.problem("LogConfiguration", "Feature is not accessible");
    }
    boolean group = member.has(LOG_GROUP);
    boolean stream = member.has(LOG_STREAM);
    if ((group || stream) && create) {
      member.problem(
          "", "Task Settings CloudWatchLogGroup or CloudWatchLogStream cannot be set on create.");
    }
    read.set(LOG_GROUP, base.get(LOG_GROUP));
    read.set(LOG_STREAM, base.get(LOG_STREAM));
  }

  private void postProcessing(@Nullable JsonObject document, ObjectNode merged) {
    if (document != null && document.has(POST_PROCESSING)) {
      document.problem(POST_PROCESSING, "must be null");
    }
    merged.putNull(POST_PROCESSING);
  }

  private void characterSets(@Nullable JsonObject document, ObjectNode merged) {
    JsonNode before = present.get(CHARACTER_SETS);
    JsonNode given = document == null ? null : document.any(CHARACTER_SETS);
    if (document == null || given == null) {
      merged.set(CHARACTER_SETS, before == null ? NullNode.instance : before);
      return;
    }
    if (given.isNull()) {
      merged.putNull(CHARACTER_SETS);
      return;
    }
    JsonObject settings = document.object(CHARACTER_SETS);
    ObjectNode read = NODES.objectNode();
    ArrayNode replacements = read.putArray("CharacterReplacements");
    for (JsonObject replacement : settings.objects("CharacterReplacements")) {
      replacements
          .addObject()
          .put("SourceCharacterCodePoint", codePoint(replacement, "SourceCharacterCodePoint"))
          .put("TargetCharacterCodePoint", codePoint(replacement, "TargetCharacterCodePoint"));
      replacement.end();
    }
    if (settings.has("CharacterSetSupport")) {
      JsonObject support = settings.object("CharacterSetSupport");
      read.putObject("CharacterSetSupport")
          .put("CharacterSet", support.text("CharacterSet", ""))
          .put(
              "ReplaceWithCharacterCodePoint", codePoint(support, "ReplaceWithCharacterCodePoint"));
      support.end();
    }
    settings.end();
    merged.set(CHARACTER_SETS, read);
  }

  private static long codePoint(JsonObject object, String name) {
    return object.integer(name, 0, 0, Integer.MAX_VALUE);
  }
}
