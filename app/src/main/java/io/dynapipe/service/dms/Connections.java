package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.task.Sources;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tests of endpoints, and what came of them. */
final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final String SUCCESSFUL = "successful";

  private final Registry registry;
  private final EndpointAccess access;
  private final TaskEngine engine;
  private final Executor worker;

  Connections(Registry registry, EndpointAccess access, TaskEngine engine, Executor worker) {
    this.registry = registry;
    this.access = access;
    this.engine = engine;
    this.worker = worker;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "TestConnection",
            "Connects to the source's database, or opens the target's stream; the answer comes with"
                + " DescribeConnections.",
            InputShape.of("ReplicationInstanceArn! EndpointArn!"),
            this::test),
        Operation.of(
            "DescribeConnections",
            "Lists connections with the outcome of their last test.",
            InputShape.of(Listing.INPUT),
            this::describe),
        Operation.of(
            "DeleteConnection",
            "Forgets a connection.",
            InputShape.of("EndpointArn! ReplicationInstanceArn!"),
            this::delete));
  }

  private static String key(String instanceArn, String endpointArn) {
    return instanceArn + "|" + endpointArn;
  }

  /** Whether the last test of an endpoint from an instance went well. */
  boolean isTested(String instanceArn, String endpointArn) {
    Resource connection = registry.find(Kind.CONNECTION, key(instanceArn, endpointArn));
    return connection != null && connection.text("Status").equals(SUCCESSFUL);
  }

  private ObjectNode test(Input input) {
    Resource instance = Instances.require(registry, input.required("ReplicationInstanceArn"));
    Resource endpoint = Endpoints.require(registry, input.required("EndpointArn"));
    String key = key(instance.key(), endpoint.key());
    ObjectNode shown = Json.object();
    shown.put("ReplicationInstanceArn", instance.key());
    shown.put("EndpointArn", endpoint.key());
    shown.put("Status", "testing");
    shown.put("EndpointIdentifier", endpoint.text("EndpointIdentifier"));
    shown.put("ReplicationInstanceIdentifier", instance.text("ReplicationInstanceIdentifier"));
    synchronized (this) {
      if (registry.find(Kind.CONNECTION, key) == null) {
        registry.create(Kind.CONNECTION, key, shown, Json.object());
      } else {
        registry.update(Kind.CONNECTION, key, r -> r.shown().removeAll().setAll(shown));
      }
    }
    worker.execute(() -> test(key, endpoint));
    return answer(shown);
  }

  /** Tests again what a crash has interrupted. */
  void recover() {
    for (Resource connection : registry.all(Kind.CONNECTION)) {
      Resource endpoint = registry.find(Kind.ENDPOINT, connection.text("EndpointArn"));
      if (connection.text("Status").equals("testing") && endpoint != null) {
        worker.execute(() -> test(connection.key(), endpoint));
      }
    }
  }

  private void test(String key, Resource endpoint) {
    String failure = "";
    try {
      if (endpoint.text("EndpointType").equals("source")) {
        var unused = Sources.open(access.database(endpoint)).info();
      } else {
        openStream(endpoint);
      }
    } catch (PipelineException e) {
      failure = describe(e);
    } catch (RuntimeException e) {
      LOG.error("the test of {} met a defect", endpoint.key(), e);
      failure = "Test Endpoint failed: a defect of the service, whose log tells more.";
    }
    String message = failure;
    registry.update(
        Kind.CONNECTION,
        key,
        r -> {
          r.shown().put("Status", message.isEmpty() ? SUCCESSFUL : "failed");
          r.shown().remove("LastFailureMessage");
          if (!message.isEmpty()) {
            r.shown().put("LastFailureMessage", message);
          }
        });
  }

  private void openStream(Resource endpoint) {
    KinesisUrl kinesis = access.kinesis(endpoint);
    if (kinesis == null) {
      engine.openStream(access.stream(endpoint));
    } else {
      KinesisStream.open(kinesis).close();
    }
  }

  /** In DMS's form, with our cause and cure as the detailed message. */
  private static String describe(PipelineException e) {
    String cure = e.cure();
    return "Test Endpoint failed: Application-Status: 1020912, Application-Message: Failed to"
        + " connect, Application-Detailed-Message: "
        + e.getMessage()
        + (cure == null ? "" : " " + cure);
  }

  private ObjectNode describe(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("endpoint-arn", r -> r.text("EndpointArn"))
        .filter("replication-instance-arn", r -> r.text("ReplicationInstanceArn"))
        .orNotFound("Connection")
        .answer("Connections", registry.all(Kind.CONNECTION), Resource::shown);
  }

  private ObjectNode delete(Input input) {
    String key = key(input.required("ReplicationInstanceArn"), input.required("EndpointArn"));
    Resource connection = registry.find(Kind.CONNECTION, key);
    if (connection == null) {
      throw Fault.notFound("There is no such connection.");
    }
    registry.remove(Kind.CONNECTION, key);
    return answer(connection.shown().put("Status", "deleting"));
  }

  private static ObjectNode answer(ObjectNode shown) {
    ObjectNode answer = Json.object();
    answer.set("Connection", shown);
    return answer;
  }
}
