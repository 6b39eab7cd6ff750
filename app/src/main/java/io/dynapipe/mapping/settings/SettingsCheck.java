package io.dynapipe.mapping.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.mapping.document.JsonObject;

/** What settings must keep among each other. */
final class SettingsCheck {

  private final ObjectNode settings;
  private final JsonObject document;

  /**
   * For settings that have been read.
   *
   * @param document what was read, which takes the problems
   */
  SettingsCheck(ObjectNode settings, JsonObject document) {
    this.settings = settings;
    this.document = document;
  }

  void check() {
    lobModes();
    JsonNode load = settings.path("FullLoadSettings");
    if (isTrue(load, "StopTaskCachedChangesApplied")
        && isTrue(load, "StopTaskCachedChangesNotApplied")) {
      document.problem(
          "FullLoadSettings",
          "StopTaskCachedChangesApplied and StopTaskCachedChangesNotApplied exclude each other");
    }
    JsonNode image = settings.path("BeforeImageSettings");
    if (isTrue(image, "EnableBeforeImage") && image.path("FieldName").asText().isEmpty()) {
      document.problem(
          "BeforeImageSettings.FieldName", "must not be empty when EnableBeforeImage is true");
    }
    JsonNode tuning = settings.path("ChangeProcessingTuning");
    if (tuning.path("BatchApplyTimeoutMin").asLong()
        > tuning.path("BatchApplyTimeoutMax").asLong()) {
      document.problem(
          "ChangeProcessingTuning.BatchApplyTimeoutMin", "must not exceed BatchApplyTimeoutMax");
    }
    if (isTrue(settings.path("ValidationSettings"), "ValidationOnly")) {
      document.problem(
          "ValidationSettings.ValidationOnly",
          "is not supported: rows would be moved, not compared; use dynapipe verify");
    }
  }

  /** FullLobMode alone is enough to leave the other mode, which is on by default. */
  private void lobModes() {
    ObjectNode target = (ObjectNode) settings.path("TargetMetadata");
    JsonNode given = document.node().path("TargetMetadata");
    if (isTrue(target, "FullLobMode") && isTrue(target, "LimitedSizeLobMode")) {
      if (given.hasNonNull("LimitedSizeLobMode") && given.hasNonNull("FullLobMode")) {
        document.problem("TargetMetadata", "FullLobMode and LimitedSizeLobMode exclude each other");
      } else {
        boolean full = given.hasNonNull("FullLobMode");
        target.put(full ? "LimitedSizeLobMode" : "FullLobMode", false);
      }
    }
  }

  private static boolean isTrue(JsonNode section, String name) {
    return section.path(name).asBoolean(false);
  }
}
