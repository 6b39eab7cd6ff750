package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.document.JsonObject;
import io.dynapipe.mapping.expression.Expression;
import io.dynapipe.mapping.expression.Header;
import io.dynapipe.mapping.rule.TransformationAction.AddBeforeImageColumns;
import io.dynapipe.mapping.rule.TransformationAction.AddColumn;
import io.dynapipe.mapping.rule.TransformationAction.ChangeAffix;
import io.dynapipe.mapping.rule.TransformationAction.ChangeCase;
import io.dynapipe.mapping.rule.TransformationAction.ChangeType;
import io.dynapipe.mapping.rule.TransformationAction.ColumnFilterKind;
import io.dynapipe.mapping.rule.TransformationAction.DefinePrimaryKey;
import io.dynapipe.mapping.rule.TransformationAction.IncludeColumn;
import io.dynapipe.mapping.rule.TransformationAction.Mask;
import io.dynapipe.mapping.rule.TransformationAction.MaskKind;
import io.dynapipe.mapping.rule.TransformationAction.RemoveColumn;
import io.dynapipe.mapping.rule.TransformationAction.Rename;
import io.dynapipe.mapping.rule.TransformationRule.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a transformation does, with the members that this takes. */
final class ActionReader {

  /** Members that only some actions take; consoles write the others as null. */
  private static final List<String> MEMBERS =
      List.of(
          "value", "old-value", "expression", "data-type", "primary-key-def", "before-image-def");

  private static final Map<String, Set<String>> TAKEN =
      Map.ofEntries(
          Map.entry("rename", Set.of("value", "expression")),
          Map.entry("convert-lowercase", Set.of()),
          Map.entry("convert-uppercase", Set.of()),
          Map.entry("add-prefix", Set.of("value")),
          Map.entry("remove-prefix", Set.of("value")),
          Map.entry("replace-prefix", Set.of("value", "old-value")),
          Map.entry("add-suffix", Set.of("value")),
          Map.entry("remove-suffix", Set.of("value")),
          Map.entry("replace-suffix", Set.of("value", "old-value")),
          Map.entry("define-primary-key", Set.of("primary-key-def")),
          Map.entry("remove-column", Set.of()),
          Map.entry("include-column", Set.of()),
          Map.entry("add-column", Set.of("value", "expression", "data-type")),
          Map.entry("change-data-type", Set.of("data-type")),
          Map.entry("add-before-image-columns", Set.of("before-image-def")),
          Map.entry("data-masking-digits-mask", Set.of("value")),
          Map.entry("data-masking-digits-randomize", Set.of()),
          Map.entry("data-masking-hash-mask", Set.of()));

  private static final Map<String, ColumnFilterKind> COLUMN_FILTERS =
      Map.of(
          "pk-only", ColumnFilterKind.PK_ONLY,
          "non-lob", ColumnFilterKind.NON_LOB,
          "all", ColumnFilterKind.ALL);

  private final JsonObject rule;

  private ActionReader(JsonObject rule) {
    this.rule = rule;
  }

  static @Nullable TransformationAction read(
      String name, @Nullable Target target, JsonObject rule) {
    rule.choice("rule-action", TAKEN, Set.of());
    Set<String> taken = TAKEN.get(name);
    if (taken == null) {
      MEMBERS.forEach(rule::any);
      return null;
    }
    for (String member : MEMBERS) {
      if (!taken.contains(member) && rule.has(member)) {
        rule.problem(member, "is of no effect with rule-action " + name);
      }
    }
    checkTarget(name, target, rule);
    return new ActionReader(rule).action(name, target);
  }

  private static void checkTarget(String name, @Nullable Target target, JsonObject rule) {
    boolean any =
        name.equals("rename")
            || name.startsWith("convert-")
            || name.endsWith("-prefix")
            || name.endsWith("-suffix");
    Target only = name.equals("define-primary-key") ? Target.TABLE : Target.COLUMN;
    if (!any && target != null && target != only) {
      rule.problem(
          "rule-target",
          "must be " + (only == Target.TABLE ? "table" : "column") + " with rule-action " + name);
    }
  }

  private @Nullable TransformationAction action(String name, @Nullable Target target) {
    return switch (name) {
      case "rename" -> rename(target);
      case "convert-lowercase" -> new ChangeCase(false);
      case "convert-uppercase" -> new ChangeCase(true);
      case "add-prefix" -> new ChangeAffix(false, "", rule.requiredText("value"));
      case "add-suffix" -> new ChangeAffix(true, "", rule.requiredText("value"));
      case "remove-prefix" -> new ChangeAffix(false, rule.requiredText("value"), "");
      case "remove-suffix" -> new ChangeAffix(true, rule.requiredText("value"), "");
      case "replace-prefix" -> replacement(false);
      case "replace-suffix" -> replacement(true);
      case "define-primary-key" -> primaryKey();
      case "remove-column" -> new RemoveColumn();
      case "include-column" -> new IncludeColumn();
      case "add-column" -> addColumn();
      case "change-data-type" -> changeType();
      case "add-before-image-columns" -> beforeImage();
      case "data-masking-digits-mask" -> digitsMask();
      case "data-masking-digits-randomize" -> new Mask(MaskKind.DIGITS_RANDOMIZE, '0');
      default -> new Mask(MaskKind.HASH, '0');
    };
  }

  private Rename rename(@Nullable Target target) {
    Expression expression = expression();
    if (expression == null) {
      return new Rename(rule.has("expression") ? "" : rule.requiredText("value"), null);
    }
    rule.text("value", "");
    if (!expression.columns().isEmpty() || !expression.isOfRowOnly()) {
      rule.problem("expression", "a name can only be made of $AR_M_... headers and constants");
    }
    checkHeaders(expression, target == Target.COLUMN);
    return new Rename("", expression);
  }

  private ChangeAffix replacement(boolean suffix) {
    return new ChangeAffix(suffix, rule.requiredText("old-value"), rule.requiredText("value"));
  }

  private DefinePrimaryKey primaryKey() {
    JsonObject definition = rule.requiredObject("primary-key-def");
    String name = definition.text("name", "");
    Boolean unique =
        definition.choice("origin", Map.of("primary-key", false, "unique-index", true), false);
    List<String> columns = definition.texts("columns");
    if (columns.isEmpty()) {
      definition.problem("columns", "is missing");
    }
    definition.end();
    return new DefinePrimaryKey(name, Boolean.TRUE.equals(unique), columns);
  }

  private @Nullable AddColumn addColumn() {
    String name = rule.requiredText("value");
    Expression expression = expression();
    if (expression != null) {
      checkHeaders(expression, false);
    }
    ColumnType type = ColumnType.read(rule);
    return type == null ? null : new AddColumn(name, expression, type);
  }

  private void checkHeaders(Expression expression, boolean aboutColumn) {
    for (Header header : expression.headers()) {
      if (header.isOfColumn() && !aboutColumn) {
        rule.problem(
            "expression", "this rule is not about one column: " + header + " has no value");
      }
    }
  }

  private @Nullable Expression expression() {
    String text = rule.text("expression", "");
    if (text.isBlank()) {
      return null;
    }
    try {
      return Expression.parse(text);
    } catch (IllegalArgumentException e) {
      rule.problem("expression", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable ChangeType changeType() {
    ColumnType type = ColumnType.read(rule);
    return type == null ? null : new ChangeType(type);
  }

  private AddBeforeImageColumns beforeImage() {
    JsonObject definition = rule.object("before-image-def");
    String prefix = definition.text("column-prefix", "BI_");
    String suffix = definition.text("column-suffix", "");
    ColumnFilterKind columns =
        Objects.requireNonNullElse(
            definition.choice("column-filter", COLUMN_FILTERS, ColumnFilterKind.PK_ONLY),
            ColumnFilterKind.PK_ONLY);
    if (prefix.isEmpty() && suffix.isEmpty()) {
      definition.problem("column-prefix", "and column-suffix must not both be empty");
    }
    definition.end();
    return new AddBeforeImageColumns(prefix, suffix, columns);
  }

  private Mask digitsMask() {
    String value = rule.requiredText("value");
    boolean printable = value.length() == 1 && value.charAt(0) > ' ' && value.charAt(0) < 0x7f;
    if (!printable && !value.isEmpty()) {
      rule.problem("value", "must be one printable ASCII character, not '" + value + "'");
    }
    return new Mask(MaskKind.DIGITS_MASK, printable ? value.charAt(0) : '*');
  }
}
