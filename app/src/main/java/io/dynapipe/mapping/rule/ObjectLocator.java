package io.dynapipe.mapping.rule;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which schemas, tables or columns a transformation is about.
 *
 * @param dataType a DMS type such as {@code int2} or a PostgreSQL type such as {@code varchar} that
 *     columns must have; null when any will do
 */
public record ObjectLocator(
    NamePattern schema, NamePattern table, NamePattern column, @Nullable String dataType) {

  static ObjectLocator read(
      JsonObject rule, TransformationRule.Target target, boolean needsColumn) {
    JsonObject locator = rule.requiredObject("object-locator");
    NamePattern schema = Locators.pattern(locator, "schema-name", false);
    NamePattern table = NamePattern.ANY;
    if (target == TransformationRule.Target.SCHEMA) {
      table = Locators.optionalPattern(locator, "table-name");
      if (!table.toString().equals("%")) {
        locator.problem("table-name", "cannot restrict a rule whose rule-target is schema");
      }
    } else {
      table = Locators.pattern(locator, "table-name", false);
    }
    NamePattern column =
        needsColumn
            ? Locators.pattern(locator, "column-name", false)
            : Locators.optionalPattern(locator, "column-name");
    String dataType = locator.text("data-type", "");
    String kind = locator.choice("table-type", Map.of("table", "", "all", "", "view", "view"), "");
    if ("view".equals(kind)) {
      locator.problem("table-type", "'view' alone is not supported; name the views by table-name");
    }
    for (String tablespace : new String[] {"table-tablespace-name", "index-tablespace-name"}) {
      if (locator.has(tablespace)) {
        locator.problem(tablespace, "is for Oracle only");
      }
    }
    locator.end();
    return new ObjectLocator(schema, table, column, dataType.isEmpty() ? null : dataType);
  }

  public boolean matches(TableName name) {
    return schema.matches(name.schema()) && table.matches(name.name());
  }

  /** Whether a column of a table that matches is meant. */
  public boolean matches(Column candidate) {
    return column.matches(candidate.name())
        && (dataType == null || ColumnType.isCalled(candidate, dataType));
  }
}
