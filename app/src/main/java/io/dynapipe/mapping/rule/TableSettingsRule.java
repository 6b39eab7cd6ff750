package io.dynapipe.mapping.rule;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.JsonObject;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings for one table.
 *
 * @param parallelLoad null when nothing is said
 * @param lobMode null when nothing is said
 */
public record TableSettingsRule(
    RuleId id, TableName table, @Nullable ParallelLoad parallelLoad, @Nullable LobMode lobMode) {

  /** What becomes of large values. */
  public enum LobMode {
    /** DMS cuts them at {@code bulk-max-size}; they come whole here. */
    LIMITED,
    /** They come whole. */
    UNLIMITED,
    /** Their columns are left out. */
    NONE
  }

  private static final Map<String, LobMode> MODES =
      Map.of("limited", LobMode.LIMITED, "unlimited", LobMode.UNLIMITED, "none", LobMode.NONE);

  private static final int MAX_LOB_KIB = 102_400;

  /** Reads what is of a table-settings rule only; null when it has problems. */
  static @Nullable TableSettingsRule read(RuleId id, JsonObject rule) {
    TableName table = Locators.exactTable(rule, "a table-settings rule");
    ParallelLoad parallelLoad =
        rule.has("parallel-load") ? ParallelLoad.read(rule.object("parallel-load")) : null;
    LobMode lobMode = rule.has("lob-settings") ? lobMode(rule.object("lob-settings")) : null;
    return table == null ? null : new TableSettingsRule(id, table, parallelLoad, lobMode);
  }

  private static LobMode lobMode(JsonObject settings) {
    LobMode mode =
        Objects.requireNonNullElse(
            settings.choice("mode", MODES, LobMode.LIMITED), LobMode.LIMITED);
    settings.integer("bulk-max-size", 0, 0, MAX_LOB_KIB);
    settings.end();
    return mode;
  }
}
