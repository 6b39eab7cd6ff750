package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.AttributeMapping;
import io.dynapipe.mapping.rule.DocumentNode;
import io.dynapipe.mapping.rule.ObjectMappingRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies an object-mapping rule to the columns that transformation rules leave. It names columns
 * as they are at the target, or as they are at the source.
 */
final class RecordPlanner {

  private static final String DOCUMENT = "_doc";

  private final ObjectMappingRule rule;
  private final List<PlannedColumn> inputs;
  private final Map<String, String> targetNames;
  private final ColumnNames names;
  private final Problems problems;

  /** For one table. */
  RecordPlanner(
      ObjectMappingRule rule,
      List<PlannedColumn> inputs,
      Map<String, String> targetNames,
      Problems problems) {
    this.rule = rule;
    this.inputs = inputs;
    this.targetNames = targetNames;
    this.names = ColumnNames.of(inputs.stream().map(PlannedColumn::name).toList());
    this.problems = problems;
  }

  /** Whether the rule changes rows at all, and not only their partition or table. */
  static boolean changesRows(ObjectMappingRule rule) {
    return rule.document() || !rule.excludedColumns().isEmpty() || !rule.attributes().isEmpty();
  }

  /**
   * The columns of the mapped records.
   *
   * @param key target names of the key's columns, which a document keeps beside it
   */
  List<PlannedColumn> plan(TableName table, List<String> key, List<String> warnings) {
    Set<Integer> excluded = new LinkedHashSet<>();
    for (String name : rule.excludedColumns()) {
      int index = indexOf(name);
      if (index >= 0) {
        excluded.add(index);
      } else {
        warnings.add(rule.id() + ": there is no column '" + name + "' to exclude in " + table);
      }
    }
    List<PlannedColumn> planned = new ArrayList<>();
    List<Integer> collected = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      if (excluded.contains(i)) {
        continue;
      }
      collected.add(i);
      if (!rule.document() || key.contains(names.name(i))) {
        planned.add(PlannedColumn.copy(inputs.get(i).column(), i));
      }
    }
    if (rule.document()) {
      planned.add(whole(table, collected));
    }
    for (AttributeMapping attribute : rule.attributes()) {
      add(attribute, planned);
    }
    return planned;
  }

  private PlannedColumn whole(TableName table, List<Integer> collected) {
    int[] columns = collected.stream().mapToInt(Integer::intValue).toArray();
    ColumnNames members = ColumnNames.of(collected.stream().map(names::name).toList());
    return PlannedColumn.made(
        json(DOCUMENT),
        RecordOps.wholeDocument(table, members, columns),
        new LinkedHashSet<>(collected));
  }

  private void add(AttributeMapping attribute, List<PlannedColumn> planned) {
    Set<Integer> used = new LinkedHashSet<>();
    for (String column : attribute.value().columns()) {
      int index = indexOf(column);
      if (index < 0) {
        problems.add(
            rule.id().toString(),
            "attribute '" + attribute.name() + "': column '" + column + "' is not in the table");
        return;
      }
      used.add(index);
    }
    planned.add(
        attribute.value() instanceof DocumentNode.Leaf leaf
            ? PlannedColumn.made(
                column(attribute.name(), "text"),
                RecordOps.scalar(leaf.template(), this::indexOf),
                used)
            : PlannedColumn.made(
                json(attribute.name()),
                RecordOps.document(attribute.value(), this::indexOf),
                used));
  }

  private int indexOf(String name) {
    int index = names.indexOf(name);
    String target = targetNames.get(name);
    return index < 0 && target != null ? names.indexOf(target) : index;
  }

  private static Column json(String name) {
    return column(name, "json");
  }

  private static Column column(String name, String sourceType) {
    return new Column(name, DataType.STRING, null, true, sourceType, null, null);
  }
}
