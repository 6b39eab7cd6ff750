package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.state.SecretBox;
import java.util.List;
import java.util.Map;

/** Brings what a request says of an endpoint into its stored form, and checks the whole. */
final class EndpointForm {

  private static final List<String> CONNECTION =
      List.of("Username", "ServerName", "Port", "DatabaseName");

  private static final Map<String, String> SOURCES =
      Map.of("postgres", "PostgreSQL", "aurora-postgresql", "Amazon Aurora PostgreSQL");

  private static final InputShape POSTGRES =
      InputShape.of(
          "Username Password ServerName Port:integer DatabaseName AfterConnectScript",
          "CaptureDdls:boolean DdlArtifactsSchema ExecuteTimeout:integer",
          "FailTasksOnLobTruncation:boolean HeartbeatEnable:boolean HeartbeatSchema",
          "HeartbeatFrequency:integer SlotName",
          "PluginName:no-preference|test-decoding|pglogical TrimSpaceInChar:boolean",
          "MapBooleanAsBoolean:boolean MapJsonbAsClob:boolean",
          "MapLongVarcharAs:wstring|clob|nclob DatabaseMode:default|babelfish",
          "DisableUnicodeSourceFilter:boolean AuthenticationMethod:password|iam");

  private static final InputShape KINESIS =
      InputShape.of(
          "StreamArn MessageFormat:json|json-unformatted ServiceAccessRoleArn",
          "IncludeTransactionDetails:boolean IncludePartitionValue:boolean",
          "PartitionIncludeSchemaTable:boolean IncludeTableAlterOperations:boolean",
          "IncludeControlDetails:boolean IncludeNullAndEmpty:boolean NoHexPrefix:boolean",
          "UseLargeIntegerValue:boolean");

  private static final int MAX_PORT = 65_535;

  private final SecretBox secrets;

  EndpointForm(SecretBox secrets) {
    this.secrets = secrets;
  }

  /**
   * Changes an endpoint by what a request gives.
   *
   * @param replace whether given settings take the place of all that were there
   * @throws Fault when the result would be no usable endpoint
   */
  void fill(Input input, boolean replace, ObjectNode shown, ObjectNode kept) {
    for (String member :
        List.of(
            "EngineName",
            "ExtraConnectionAttributes",
            "CertificateArn",
            "SslMode",
            "ServiceAccessRoleArn")) {
      if (input.has(member)) {
        shown.set(member, input.node().get(member));
      }
    }
    String engine = shown.path("EngineName").asText();
    if (engine.equals("kinesis")) {
      requireType(shown, "target");
      shown.put("EngineDisplayName", "Amazon Kinesis");
      kinesis(input, replace, shown);
    } else if (SOURCES.containsKey(engine)) {
      requireType(shown, "source");
      shown.put("EngineDisplayName", SOURCES.get(engine));
      postgres(input, replace, shown, kept);
    } else {
      throw Fault.invalidValue(
          "The engine '"
              + engine
              + "' is not offered by this service. Offered are postgres and aurora-postgresql as"
              + " source, kinesis as target.");
    }
  }

  private static void requireType(ObjectNode shown, String type) {
    if (!shown.path("EndpointType").asText().equals(type)) {
      throw Fault.invalidCombination(
          "The engine '"
              + shown.path("EngineName").asText()
              + "' is offered as "
              + type
              + " only.");
    }
  }

  private void postgres(Input input, boolean replace, ObjectNode shown, ObjectNode kept) {
    Input given = POSTGRES.read(input.object("PostgreSQLSettings").node());
    if (replace && input.has("PostgreSQLSettings")) {
      shown.remove("PostgreSQLSettings");
    }
    ObjectNode settings = shown.withObject("/PostgreSQLSettings");
    settings.setAll(given.node());
    settings.remove("Password");
    for (String member : CONNECTION) {
      if (input.has(member)) {
        settings.set(member, input.node().get(member));
      }
      if (settings.hasNonNull(member)) {
        shown.set(member, settings.get(member));
      }
    }
    String password = given.text("Password", input.text("Password", ""));
    if (!password.isEmpty()) {
      kept.put("password", secrets.seal(password));
    }
    for (String member : CONNECTION) {
      if (shown.path(member).asText().isBlank()) {
        throw Fault.invalidCombination(
            "The parameter " + member + " must be provided and must not be blank.");
      }
    }
    String slot = settings.path("SlotName").asText();
    if (!slot.isEmpty() && !slot.matches("[a-z0-9_]{1,63}")) {
      throw Fault.invalidValue(
          "SlotName '" + slot + "' must be lower-case letters, digits and underscores.");
    }
    long port = shown.path("Port").longValue();
    if (port < 1 || port > MAX_PORT) {
      throw Fault.invalidValue("Port must be between 1 and " + MAX_PORT + ".");
    }
  }

  private static void kinesis(Input input, boolean replace, ObjectNode shown) {
    Input given = KINESIS.read(input.object("KinesisSettings").node());
    if (replace && input.has("KinesisSettings")) {
      shown.remove("KinesisSettings");
    }
    ObjectNode settings = shown.withObject("/KinesisSettings");
    settings.setAll(given.node());
    DmsSettings defaults = DmsSettings.defaults();
    if (!settings.has("MessageFormat")) {
      settings.put("MessageFormat", defaults.messageFormat().apiName());
    }
    for (DmsSettings.Flag flag : DmsSettings.Flag.values()) {
      if (!settings.has(flag.apiName())) {
        settings.put(flag.apiName(), defaults.has(flag));
      }
    }
    for (String member : List.of("StreamArn", "ServiceAccessRoleArn")) {
      if (settings.path(member).asText().isBlank()) {
        throw Fault.invalidCombination(
            "The parameter " + member + " must be provided and must not be blank.");
      }
    }
    String arn = settings.path("StreamArn").asText();
    if (!arn.matches("arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[A-Za-z0-9_.-]{1,128}")) {
      throw Fault.invalidValue(
          "StreamArn '"
              + arn
              + "' is not the ARN of a Kinesis stream, such as"
              + " arn:aws:kinesis:us-east-1:000000000000:stream/name.");
    }
  }
}
