package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.task.Sources;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The schemas of source endpoints, as last refreshed. */
final class Schemas {

  private static final String REFRESH = "refresh";
  private static final String NAMES = "schemas";

  private static final String QUERY =
      """
      SELECT nspname FROM pg_namespace
      WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname
      """;

  private final Registry registry;
  private final EndpointAccess access;
  private final Executor worker;
  private final Clock clock;

  Schemas(Registry registry, EndpointAccess access, Executor worker, Clock clock) {
    this.registry = registry;
    this.access = access;
    this.worker = worker;
    this.clock = clock;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "RefreshSchemas",
            "Reads the names of a source's schemas.",
            InputShape.of("EndpointArn! ReplicationInstanceArn!"),
            this::refresh),
        Operation.of(
            "DescribeRefreshSchemasStatus",
            "Tells what came of the last RefreshSchemas.",
            InputShape.of("EndpointArn!"),
            this::status),
        Operation.of(
            "DescribeSchemas",
            "Lists the schemas that the last RefreshSchemas found; reads them when there was none.",
            InputShape.of("EndpointArn! MaxRecords:integer Marker"),
            this::describe));
  }

  private Resource source(Input input) {
    Resource endpoint = Endpoints.require(registry, input.required("EndpointArn"));
    if (!endpoint.text("EndpointType").equals("source")) {
      throw Fault.invalidState("Endpoint " + endpoint.key() + " is not a source.");
    }
    return endpoint;
  }

  private ObjectNode refresh(Input input) {
    Resource endpoint = source(input);
    Resource instance = Instances.require(registry, input.required("ReplicationInstanceArn"));
    ObjectNode status = Json.object();
    status.put("EndpointArn", endpoint.key());
    status.put("ReplicationInstanceArn", instance.key());
    status.put("Status", "refreshing");
    keep(endpoint, kept -> kept.set(REFRESH, status));
    worker.execute(() -> refresh(endpoint, status.deepCopy()));
    return answer(status);
  }

  private void keep(Resource endpoint, Consumer<ObjectNode> change) {
    registry.update(Kind.ENDPOINT, endpoint.key(), r -> change.accept(r.kept()));
  }

  private void refresh(Resource endpoint, ObjectNode status) {
    try {
      List<String> names = read(endpoint);
      keep(endpoint, kept -> names.forEach(kept.putArray(NAMES)::add));
      status.put("Status", "successful");
      status.set("LastRefreshDate", Json.seconds(clock.instant()));
    } catch (PipelineException e) {
      status.put("Status", "failed");
      status.put("LastFailureMessage", e.getMessage());
    }
    keep(endpoint, kept -> kept.set(REFRESH, status));
  }

  private List<String> read(Resource endpoint) {
    try (Connection connection = Sources.open(access.database(endpoint)).connections().query();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw PipelineException.environment(
          "the source's schemas cannot be read: " + e.getMessage(),
          "Test the connection of the endpoint.",
          e);
    }
  }

  private ObjectNode status(Input input) {
    JsonNode status = source(input).kept().path(REFRESH);
    if (status instanceof ObjectNode known) {
      return answer(known);
    }
    throw Fault.notFound("The schemas of this endpoint were never refreshed.");
  }

  private ObjectNode describe(Input input) {
    Resource endpoint = source(input);
    List<String> names = new ArrayList<>();
    if (endpoint.kept().has(NAMES)) {
      endpoint.kept().path(NAMES).forEach(name -> names.add(name.asText()));
    } else {
      names.addAll(read(endpoint));
    }
    ObjectNode page =
        new Listing<String>(input, name -> name)
            .answer("Schemas", names, name -> Json.object().put("name", name));
    ArrayNode plain = Json.object().arrayNode();
    page.path("Schemas").forEach(item -> plain.add(item.path("name")));
    page.set("Schemas", plain);
    return page;
  }

  private static ObjectNode answer(ObjectNode status) {
    ObjectNode answer = Json.object();
    answer.set("RefreshSchemasStatus", status);
    return answer;
  }
}
