package io.dynapipe.mapping.rule;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A rule that includes tables or views, or excludes them.
 *
 * @param loadOrder of two tables the one with the larger number is loaded first
 * @param filters rows must pass all of them
 */
public record SelectionRule(
    RuleId id,
    Action action,
    NamePattern schema,
    NamePattern table,
    Set<RelationKind> kinds,
    long loadOrder,
    List<ColumnFilter> filters) {

  /** What becomes of the tables. */
  public enum Action {
    INCLUDE,
    EXPLICIT,
    EXCLUDE
  }

  private static final Map<String, Action> ACTIONS =
      Map.of("include", Action.INCLUDE, "explicit", Action.EXPLICIT, "exclude", Action.EXCLUDE);

  private static final Set<RelationKind> TABLES = Set.of(RelationKind.TABLE);

  private static final Map<String, Set<RelationKind>> KINDS =
      Map.of(
          "table", TABLES,
          "view", Set.of(RelationKind.VIEW),
          "all", Set.of(RelationKind.TABLE, RelationKind.VIEW));

  /** Reads what is of a selection rule only. */
  public static SelectionRule read(RuleId id, JsonObject rule) {
    Action action =
        Objects.requireNonNullElse(rule.choice("rule-action", ACTIONS, null), Action.INCLUDE);
    boolean plain = action == Action.EXPLICIT;
    JsonObject locator = rule.requiredObject("object-locator");
    NamePattern schema = Locators.pattern(locator, "schema-name", plain);
    NamePattern table = Locators.pattern(locator, "table-name", plain);
    Set<RelationKind> kinds =
        Objects.requireNonNullElse(locator.choice("table-type", KINDS, TABLES), TABLES);
    locator.end();
    long loadOrder = rule.integer("load-order", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    List<ColumnFilter> filters = ColumnFilter.readAll(rule);
    if (!filters.isEmpty()) {
      if (action == Action.EXCLUDE) {
        rule.problem("filters", "are of no effect in a rule that excludes");
      } else if (!schema.isExact() || !table.isExact()) {
        rule.problem("filters", "need a schema-name and a table-name without wildcards");
      }
    }
    return new SelectionRule(id, action, schema, table, kinds, loadOrder, filters);
  }

  /** Whether the rule speaks of this table or view. */
  public boolean matches(TableName name, RelationKind kind) {
    return kinds.contains(kind) && matchesAnyKind(name);
  }

  /** Whether the rule speaks of this name, be it a table's or a view's. */
  public boolean matchesAnyKind(TableName name) {
    return schema.matches(name.schema())
        && table.matches(name.name())
        && !SystemTables.hides(name, schema, table);
  }

  public boolean includes() {
    return action != Action.EXCLUDE;
  }
}
