package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.document.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which rows a selection rule lets through, by one column.
 *
 * @param conditions a row must meet one of them
 */
public record ColumnFilter(String column, List<FilterCondition> conditions) {

  static List<ColumnFilter> readAll(JsonObject rule) {
    List<ColumnFilter> filters = new ArrayList<>();
    for (JsonObject filter : rule.objects("filters")) {
      filter.choice("filter-type", Map.of("source", true), null);
      filters.add(new ColumnFilter(filter.requiredText("column-name"), conditions(filter)));
      filter.end();
    }
    return filters;
  }

  private static List<FilterCondition> conditions(JsonObject filter) {
    List<FilterCondition> conditions = new ArrayList<>();
    List<JsonObject> objects = filter.objects("filter-conditions");
    for (JsonObject condition : objects) {
      FilterOperator operator = condition.choice("filter-operator", FilterOperator.BY_WORD, null);
      if (operator == null) {
        continue;
      }
      if (operator.isNegative() && objects.size() > 1) {
        condition.problem(
            "filter-operator", "a negative operator must be the only condition of its filter");
      }
      boolean range = operator.operands() == 2;
      String value =
          operator.operands() == 0 ? "" : condition.requiredText(range ? "start-value" : "value");
      String end = range ? condition.requiredText("end-value") : "";
      conditions.add(new FilterCondition(operator, value, end));
      condition.end();
    }
    if (objects.isEmpty()) {
      filter.problem("filter-conditions", "is missing");
    }
    return conditions;
  }
}
