package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.service.state.SecretBox;
import java.util.List;

/** Endpoints: PostgreSQL as source, Kinesis as target. */
final class Endpoints {

  private static final int MAX_NAME = 255;

  private static final String MEMBERS =
      "EngineName Username Password ServerName Port:integer DatabaseName ExtraConnectionAttributes"
          + " CertificateArn SslMode:none|require|verify-ca|verify-full ServiceAccessRoleArn"
          + " KinesisSettings:object PostgreSQLSettings:object";

  private final Registry registry;
  private final Account account;
  private final EndpointForm form;

  Endpoints(Registry registry, Account account, SecretBox secrets) {
    this.registry = registry;
    this.account = account;
    this.form = new EndpointForm(secrets);
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "CreateEndpoint",
            "Makes a source (engines postgres, aurora-postgresql) or a target (engine kinesis)."
                + " Passwords are stored encrypted and never shown.",
            InputShape.of(
                "EndpointIdentifier! EndpointType!:source|target EngineName! KmsKeyId Tags:objects",
                "ResourceIdentifier",
                MEMBERS),
            this::create),
        Operation.of(
            "ModifyEndpoint",
            "Changes an endpoint; settings are merged, or replaced with ExactSettings. Running"
                + " tasks take it up when they start again.",
            InputShape.of(
                "EndpointArn! EndpointIdentifier EndpointType:source|target ExactSettings:boolean",
                MEMBERS),
            this::modify),
        Operation.of(
            "DeleteEndpoint",
            "Deletes an endpoint that no task uses, with its connections.",
            InputShape.of("EndpointArn!"),
            this::delete),
        Operation.of(
            "DescribeEndpoints", "Lists endpoints.", InputShape.of(Listing.INPUT), this::describe));
  }

  static Resource require(Registry registry, String arn) {
    Resource endpoint = registry.find(Kind.ENDPOINT, arn);
    if (endpoint == null) {
      throw Fault.notFound("Endpoint " + arn + " not found.");
    }
    return endpoint;
  }

  private ObjectNode create(Input input) {
    String name = Identifiers.name(input, "EndpointIdentifier", MAX_NAME);
    String arn = account.arn(Kind.ENDPOINT, Identifiers.resourceId(input));
    requireFree(name, arn);
    ObjectNode shown = Json.object();
    ObjectNode kept = Json.object();
    shown.put("EndpointIdentifier", name);
    shown.put("EndpointType", input.required("EndpointType"));
    shown.put("Status", "active");
    shown.put("EndpointArn", arn);
    shown.put("SslMode", "none");
    if (input.has("KmsKeyId")) {
      shown.put("KmsKeyId", input.required("KmsKeyId"));
    }
    form.fill(input, true, shown, kept);
    requireCertificate(shown);
    Tags.keep(input, kept);
    registry.create(Kind.ENDPOINT, arn, shown, kept);
    return answer(shown, "active");
  }

  private void requireFree(String name, String arn) {
    Resource same =
        registry.find(
            Kind.ENDPOINT, r -> r.key().equals(arn) || r.text("EndpointIdentifier").equals(name));
    if (same != null) {
      throw Fault.alreadyExists("Endpoint " + name + " already in use.", same.key());
    }
  }

  private void requireCertificate(ObjectNode shown) {
    String certificate = shown.path("CertificateArn").asText();
    if (!certificate.isEmpty() && registry.find(Kind.CERTIFICATE, certificate) == null) {
      throw Fault.notFound("Certificate " + certificate + " not found.");
    }
  }

  private ObjectNode modify(Input input) {
    Resource endpoint = require(registry, input.required("EndpointArn"));
    if (input.has("EndpointIdentifier")) {
      String name = Identifiers.name(input, "EndpointIdentifier", MAX_NAME);
      if (!name.equals(endpoint.text("EndpointIdentifier"))) {
        requireFree(name, "");
      }
    }
    Resource changed =
        registry.update(
            Kind.ENDPOINT,
            endpoint.key(),
            r -> {
              if (input.has("EndpointIdentifier")) {
                r.shown()
                    .put(
                        "EndpointIdentifier",
                        Identifiers.name(input, "EndpointIdentifier", MAX_NAME));
              }
              if (input.has("EndpointType")) {
                r.shown().put("EndpointType", input.required("EndpointType"));
              }
              form.fill(input, input.bool("ExactSettings", false), r.shown(), r.kept());
              requireCertificate(r.shown());
            });
    return answer(changed == null ? endpoint.shown() : changed.shown(), "active");
  }

  private ObjectNode delete(Input input) {
    Resource endpoint = require(registry, input.required("EndpointArn"));
    String arn = endpoint.key();
    for (Kind kind : List.of(Kind.TASK, Kind.CONFIG)) {
      if (registry.find(
              kind,
              r ->
                  r.text("SourceEndpointArn").equals(arn)
                      || r.text("TargetEndpointArn").equals(arn))
          != null) {
        throw Fault.invalidState(
            "Endpoint " + arn + " is part of one or more replications. Delete them first.");
      }
    }
    for (Resource connection : registry.all(Kind.CONNECTION)) {
      if (connection.text("EndpointArn").equals(arn)) {
        registry.remove(Kind.CONNECTION, connection.key());
      }
    }
    registry.remove(Kind.ENDPOINT, arn);
    return answer(endpoint.shown(), "deleting");
  }

  private ObjectNode describe(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("endpoint-arn", Resource::key)
        .filter("endpoint-type", r -> r.text("EndpointType"))
        .filter("endpoint-id", r -> r.text("EndpointIdentifier"))
        .filter("engine-name", r -> r.text("EngineName"))
        .orNotFound("Endpoint")
        .answer("Endpoints", registry.all(Kind.ENDPOINT), Resource::shown);
  }

  private static ObjectNode answer(ObjectNode shown, String status) {
    ObjectNode answer = Json.object();
    answer.set("Endpoint", shown.deepCopy().put("Status", status));
    return answer;
  }
}
