package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.document.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rule that changes tables or columns on their way.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.Transformations.html">Transformation
 *     rules and actions</a>
 */
public record TransformationRule(
    RuleId id, Target target, ObjectLocator locator, TransformationAction action) {

  /** What a transformation is about. */
  public enum Target {
    SCHEMA,
    TABLE,
    COLUMN
  }

  private static final Map<String, Target> TARGETS =
      Map.of("schema", Target.SCHEMA, "table", Target.TABLE, "column", Target.COLUMN);

  /** Reads what is of a transformation rule only; null when it has problems. */
  static @Nullable TransformationRule read(RuleId id, JsonObject rule) {
    String targetName = rule.text("rule-target", "");
    if (targetName.endsWith("-tablespace")) {
      rule.problem("rule-target", "'" + targetName + "' is for Oracle only");
    }
    Target target =
        targetName.endsWith("-tablespace") ? null : rule.choice("rule-target", TARGETS, null);
    String actionName = rule.requiredText("rule-action");
    TransformationAction action = ActionReader.read(actionName, target, rule);
    boolean needsColumn =
        target == Target.COLUMN
            && !actionName.equals("add-column")
            && !actionName.equals("add-before-image-columns");
    ObjectLocator locator =
        ObjectLocator.read(rule, target == null ? Target.COLUMN : target, needsColumn);
    if (action instanceof TransformationAction.DefinePrimaryKey
        && !(locator.schema().isExact() && locator.table().isExact())) {
      rule.problem("object-locator", "define-primary-key needs names without wildcards");
    }
    return target == null || action == null
        ? null
        : new TransformationRule(id, target, locator, action);
  }
}
