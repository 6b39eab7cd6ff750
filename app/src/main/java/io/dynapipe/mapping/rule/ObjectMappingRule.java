package io.dynapipe.mapping.rule;

import io.dynapipe.dms.PartitionRule;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one table look in the stream.
 *
 * @param document whether the columns are collected in one attribute {@code _doc}
 * @param targetTable null to keep the table's name
 * @param partitioning by what records are spread over the stream
 * @param excludedColumns columns that are left out, save in attributes
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.Kinesis.html#CHAP_Target.Kinesis.ObjectMapping">Using
 *     object mapping to migrate data to a Kinesis data stream</a>
 */
public record ObjectMappingRule(
    RuleId id,
    boolean document,
    TableName table,
    @Nullable String targetTable,
    PartitionRule partitioning,
    List<String> excludedColumns,
    List<AttributeMapping> attributes) {

  private static final Map<String, Boolean> ACTIONS =
      Map.of("map-record-to-record", false, "map-record-to-document", true);

  private static final Map<String, String> PARTITION_TYPES = new LinkedHashMap<>();

  static {
    for (String type :
        List.of("schema-table", "transaction-id", "primary-key", "constant", "attribute-name")) {
      PARTITION_TYPES.put(type, type);
    }
  }

  public ObjectMappingRule {
    excludedColumns = List.copyOf(excludedColumns);
    attributes = List.copyOf(attributes);
  }

  /** Reads what is of an object-mapping rule only; null when it has problems. */
  static @Nullable ObjectMappingRule read(RuleId id, JsonObject rule) {
    Boolean document = rule.choice("rule-action", ACTIONS, null);
    TableName table = Locators.exactTable(rule, "an object-mapping rule");
    String targetTable = rule.text("target-table-name", "");
    JsonObject parameters = rule.object("mapping-parameters");
    PartitionRule partitioning = partitioning(parameters);
    List<String> excluded = parameters.texts("exclude-columns");
    List<AttributeMapping> attributes = new ArrayList<>();
    for (JsonObject mapping : parameters.objects("attribute-mappings")) {
      AttributeMapping attribute = AttributeMapping.read(mapping);
      if (attribute != null) {
        attributes.add(attribute);
      }
    }
    parameters.end();
    if (document == null || table == null) {
      return null;
    }
    return new ObjectMappingRule(
        id,
        document,
        table,
        targetTable.isEmpty() ? null : targetTable,
        partitioning,
        excluded,
        attributes);
  }

  private static PartitionRule partitioning(JsonObject parameters) {
    boolean constant = parameters.has("partition-key");
    JsonObject key = parameters.object("partition-key");
    String word = constant ? key.requiredText("value") : "";
    key.end();
    String type =
        parameters.choice(
            "partition-key-type", PARTITION_TYPES, constant ? "constant" : "schema-table");
    String name = parameters.text("partition-key-name", "");
    boolean known = PARTITION_TYPES.containsKey(parameters.text("partition-key-type", "constant"));
    if (known && !"attribute-name".equals(type) && !name.isEmpty()) {
      parameters.problem("partition-key-name", "is of no effect with partition-key-type " + type);
    }
    if (constant && !"constant".equals(type)) {
      parameters.problem("partition-key", "is of no effect with partition-key-type " + type);
    }
    return switch (String.valueOf(type)) {
      case "transaction-id" -> PartitionRule.TRANSACTION_ID;
      case "primary-key" -> PartitionRule.PRIMARY_KEY;
      case "constant" ->
          word.isEmpty() ? PartitionRule.CONSTANT : new PartitionRule(PartitionType.CONSTANT, word);
      case "attribute-name" ->
          PartitionRule.attribute(parameters.requiredText("partition-key-name"));
      default -> PartitionRule.SCHEMA_TABLE;
    };
  }
}
