package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which engines there are, and which settings their endpoints have. */
final class EndpointCatalog {

  private record Engine(String name, String type, String displayName) {}

  private record Setting(String name, String type, String applicability, @Nullable String value) {}

  private static final List<Engine> ENGINES =
      List.of(
          new Engine("aurora-postgresql", "source", "Amazon Aurora PostgreSQL"),
          new Engine("kinesis", "target", "Amazon Kinesis"),
          new Engine("postgres", "source", "PostgreSQL"));

  private static final List<Setting> POSTGRES =
      List.of(
          new Setting("DatabaseName", "string", "Name of the database.", null),
          new Setting("HeartbeatFrequency", "integer", "Minutes between heartbeats.", "5"),
          new Setting("Password", "string", "Password; stored encrypted, never shown.", null),
          new Setting("Port", "integer", "Port of the server.", "5432"),
          new Setting("ServerName", "string", "Name or address of the server.", null),
          new Setting("SlotName", "string", "A slot that is there, for tasks without load.", null),
          new Setting("Username", "string", "User that may replicate and read the tables.", null));

  private static final List<Setting> KINESIS =
      List.of(
          flag("IncludeControlDetails", "The table's definition in control records.", true),
          flag("IncludeNullAndEmpty", "Columns without a value as null.", true),
          flag("IncludePartitionValue", "The partition key's value in the metadata.", true),
          flag("IncludeTableAlterOperations", "Records for changes of definitions.", true),
          flag("IncludeTransactionDetails", "Commit time and place in the transaction.", true),
          new Setting("MessageFormat", "enum", "Layout of the JSON text.", "json-unformatted"),
          flag("NoHexPrefix", "Binary values without 0x.", false),
          flag("PartitionIncludeSchemaTable", "Schema and table in partition keys.", true),
          new Setting("ServiceAccessRoleArn", "string", "A role; any will do here.", null),
          new Setting("StreamArn", "string", "The stream; one of ours is made if need be.", null));

  private static final Map<String, List<Setting>> SETTINGS =
      Map.of("postgres", POSTGRES, "aurora-postgresql", POSTGRES, "kinesis", KINESIS);

  private static Setting flag(String name, String applicability, boolean value) {
    return new Setting(name, "boolean", applicability, Boolean.toString(value));
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "DescribeEndpointTypes",
            "Lists the engines that endpoints can have.",
            InputShape.of(Listing.INPUT),
            this::types),
        Operation.of(
            "DescribeEndpointSettings",
            "Lists the settings that have an effect here, with their defaults.",
            InputShape.of("EngineName! MaxRecords:integer Marker"),
            this::settings));
  }

  private ObjectNode types(Input input) {
    return new Listing<Engine>(input, Engine::name)
        .filter("engine-name", Engine::name)
        .filter("endpoint-type", Engine::type)
        .answer(
            "SupportedEndpointTypes",
            ENGINES,
            engine -> {
              ObjectNode shown = Json.object();
              shown.put("EngineName", engine.name());
              shown.put("SupportsCDC", true);
              shown.put("EndpointType", engine.type());
              shown.put("EngineDisplayName", engine.displayName());
              return shown;
            });
  }

  private ObjectNode settings(Input input) {
    List<Setting> settings = SETTINGS.get(input.required("EngineName"));
    if (settings == null) {
      throw Fault.invalidValue(
          "The engine '" + input.required("EngineName") + "' is not offered by this service.");
    }
    return new Listing<Setting>(input, Setting::name)
        .answer("EndpointSettings", settings, EndpointCatalog::show);
  }

  private static ObjectNode show(Setting setting) {
    ObjectNode shown = Json.object();
    shown.put("Name", setting.name());
    shown.put("Type", setting.type());
    if (setting.type().equals("enum")) {
      ArrayNode values = shown.putArray("EnumValues");
      values.add("json").add("json-unformatted");
    }
    shown.put("Sensitive", setting.name().equals("Password"));
    shown.put("Applicability", setting.applicability());
    if (setting.value() != null) {
      shown.put("DefaultValue", setting.value());
    }
    return shown;
  }
}
