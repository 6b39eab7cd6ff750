package io.dynapipe.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.Service;
import io.dynapipe.service.ServiceSettings;
import io.dynapipe.service.aws.Json;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The walkthrough for a person to play: an embedded source and the replication service with a task
 * that is ready to start, and the commands to paste.
 */
public final class ServedDemo implements AutoCloseable {

  /** The name of the embedded server, as RDS calls its instances; its log bears it. */
  static final String DATABASE = "dynapipe-demo";

  private static final String SOURCE = "source";
  private static final String TARGET = "target";
  private static final String ARN = "arn:aws:dms:us-east-1:000000000000:";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Service service;

  /**
   * Starts servers and service, and prints the commands.
   *
   * @param sink the target; null for a database beside the source
   * @param port of the service, 0 for any
   */
  public ServedDemo(@Nullable SinkUrl sink, int port, PrintWriter out) {
    try {
      Path directory = Files.createTempDirectory("dynapipe-demo-");
      open.push(() -> DemoFiles.delete(directory));
      Path log = directory.resolve("postgresql.log");
      EmbeddedServer server = keep(EmbeddedServer.start(log, SOURCE, TARGET));
      server.execute(SOURCE, Walkthrough.FULL_LOAD.statements().toArray(String[]::new));
      service =
          keep(
              new Service(
                  new ServiceSettings(
                      directory.resolve("state"),
                      sink == null ? SinkUrl.parse(server.url(TARGET), Map.of()) : sink,
                      Layout.DOCUMENT,
                      ServiceSettings.LOCAL_ACCOUNT,
                      "127.0.0.1",
                      port)));
      service.followLog("/aws/rds/instance/" + DATABASE + "/postgresql", DATABASE + ".0", log);
      define(server.port());
      new DemoCommands(service.url(), out)
          .print(server.psql(SOURCE), sink == null ? server.psql(TARGET) : sink.toString());
    } catch (IOException e) {
      close();
      throw PipelineException.environment(
          "no temporary directory can be made: " + e, "Make java.io.tmpdir writable.", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  private void define(int port) {
    ObjectNode source = Json.object();
    source.put("EndpointIdentifier", "demo-source");
    source.put("ResourceIdentifier", "DEMO-SOURCE");
    source.put("EndpointType", "source");
    source.put("EngineName", "postgres");
    source.put("ServerName", "127.0.0.1");
    source.put("Port", port);
    source.put("Username", "postgres");
    source.put("DatabaseName", SOURCE);
    service.dms("CreateEndpoint", source);
    ObjectNode target = Json.object();
    target.put("EndpointIdentifier", "demo-target");
    target.put("ResourceIdentifier", "DEMO-TARGET");
    target.put("EndpointType", "target");
    target.put("EngineName", "kinesis");
    target
        .putObject("KinesisSettings")
        .put("StreamArn", "arn:aws:kinesis:us-east-1:000000000000:stream/demo")
        .put("ServiceAccessRoleArn", "arn:aws:iam::000000000000:role/any");
    service.dms("CreateEndpoint", target);
    ObjectNode task = Json.object();
    task.put("ReplicationTaskIdentifier", "demo");
    task.put("ResourceIdentifier", "DEMO");
    task.put("SourceEndpointArn", ARN + "endpoint:DEMO-SOURCE");
    task.put("TargetEndpointArn", ARN + "endpoint:DEMO-TARGET");
    task.put("ReplicationInstanceArn", ARN + "rep:LOCAL");
    task.put("MigrationType", "full-load-and-cdc");
    ObjectNode settings = Json.object();
    settings.putObject("FullLoadSettings").put("TargetTablePrepMode", "DROP_AND_CREATE");
    task.put("ReplicationTaskSettings", Json.text(settings));
    ObjectNode mappings = Json.object();
    ObjectNode rule = mappings.putArray("rules").addObject();
    rule.put("rule-type", "selection");
    rule.put("rule-id", "1");
    rule.put("rule-name", "1");
    rule.put("rule-action", "include");
    rule.putObject("object-locator")
        .put("schema-name", "public")
        .put("table-name", Walkthrough.TABLE);
    task.put("TableMappings", Json.text(mappings));
    service.dms("CreateReplicationTask", task);
  }

  /** Deletes the task, so that a target of the user's own keeps nothing open; then everything. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw PipelineException.environment(
            "the demo could not be taken down: " + e.getMessage(), "Delete its files by hand.", e);
      }
    }
  }
}
