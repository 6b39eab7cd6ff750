package io.dynapipe.service.dms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.service.ApiClient;
import io.dynapipe.service.ApiClient.Reply;
import io.dynapipe.service.Service;
import io.dynapipe.service.ServiceSettings;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources without a database behind them. Nothing listens where source and sink point. */
final class DmsResourcesTest {

  private static final String INSTANCE = "arn:aws:dms:us-east-1:000000000000:rep:LOCAL";
  private static final String SOURCE =
      "{'EndpointIdentifier':'%s','EndpointType':'source','EngineName':'postgres',"
          + "'Username':'me','Password':'s3cret','ServerName':'127.0.0.1','Port':1,"
          + "'DatabaseName':'shop'}";
  private static final String TARGET =
      "{'EndpointIdentifier':'%s','EndpointType':'target','EngineName':'kinesis',"
          + "'KinesisSettings':{'StreamArn':'arn:aws:kinesis:us-east-1:000000000000:stream/one',"
          + "'ServiceAccessRoleArn':'arn:aws:iam::000000000000:role/any'}}";
  private static final String MAPPING =
      "{\\'rules\\':[{\\'rule-type\\':\\'selection\\',\\'rule-id\\':\\'1\\',"
          + "\\'rule-name\\':\\'1\\',\\'rule-action\\':\\'include\\',\\'object-locator\\':"
          + "{\\'schema-name\\':\\'public\\',\\'table-name\\':\\'%\\'}}]}";

  @TempDir private Path state;
  private Service service;
  private ApiClient client;

  @BeforeEach
  void open() {
    service =
        new Service(
            new ServiceSettings(
                state,
                SinkUrl.parse("postgresql://me@127.0.0.1:1/nowhere", Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
    client = new ApiClient(service.port());
  }

  @AfterEach
  void close() {
    service.close();
  }

  private JsonNode ok(String operation, String json) {
    Reply reply = client.dms(operation, json);
    assertThat(reply.status()).as("%s: %s", operation, reply.body()).isEqualTo(200);
    return reply.body();
  }

  private String endpoint(String form, String name) {
    return ok("CreateEndpoint", form.formatted(name)).at("/Endpoint/EndpointArn").asText();
  }

  private String task(String name) {
    String source = endpoint(SOURCE, name + "-source");
    String target = endpoint(TARGET, name + "-target");
    return ok(
            "CreateReplicationTask",
            "{'ReplicationTaskIdentifier':'"
                + name
                + "','SourceEndpointArn':'"
                + source
                + "','TargetEndpointArn':'"
                + target
                + "','ReplicationInstanceArn':'"
                + INSTANCE
                + "','MigrationType':'full-load-and-cdc','TableMappings':'"
                + MAPPING
                + "'}")
        .at("/ReplicationTask/ReplicationTaskArn")
        .asText();
  }

  private void refuses(String operation, String json, String fault, String... words) {
    Reply reply = client.dms(operation, json);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(400);
    assertThat(reply.fault()).as(reply.message()).isEqualTo(fault);
    assertThat(List.of(words)).allMatch(word -> reply.message().contains(word));
  }

  @Test
  void hasALocalInstance() {
    JsonNode instance = ok("DescribeReplicationInstances", "{}").at("/ReplicationInstances/0");
    assertThat(instance.get("ReplicationInstanceArn").asText()).isEqualTo(INSTANCE);
    assertThat(instance.get("ReplicationInstanceStatus").asText()).isEqualTo("available");
    assertThat(instance.get("InstanceCreateTime").isNumber()).isTrue();
  }

  @Test
  void makesChangesAndDeletesAnInstance() {
    JsonNode made =
        ok(
            "CreateReplicationInstance",
            "{'ReplicationInstanceIdentifier':'Big','ReplicationInstanceClass':'dms.r5.large',"
                + "'Tags':[{'Key':'team','Value':'data'}]}");
    assertThat(made.at("/ReplicationInstance/ReplicationInstanceStatus").asText())
        .isEqualTo("creating");
    assertThat(made.at("/ReplicationInstance/ReplicationInstanceIdentifier").asText())
        .isEqualTo("big");
    String arn = made.at("/ReplicationInstance/ReplicationInstanceArn").asText();
    ok("ModifyReplicationInstance", "{'ReplicationInstanceArn':'" + arn + "','MultiAZ':true}");
    assertThat(
            ok(
                    "DescribeReplicationInstances",
                    "{'Filters':[{'Name':'replication-instance-id','Values':['big']}]}")
                .at("/ReplicationInstances/0/MultiAZ")
                .asBoolean())
        .isTrue();
    assertThat(ok("ListTagsForResource", "{'ResourceArn':'" + arn + "'}").at("/TagList/0/Value"))
        .hasToString("\"data\"");
    ok("DeleteReplicationInstance", "{'ReplicationInstanceArn':'" + arn + "'}");
    refuses(
        "DescribeReplicationInstances",
        "{'Filters':[{'Name':'replication-instance-arn','Values':['" + arn + "']}]}",
        "ResourceNotFoundFault");
  }

  @Test
  void keepsPasswordsToItself() throws IOException {
    endpoint(SOURCE, "secretive");
    assertThat(ok("DescribeEndpoints", "{}").toString()).doesNotContain("s3cret");
    service.close();
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("s3cret");
      }
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("service.key"))))
        .isEqualTo("rw-------");
    open();
  }

  @Test
  void keepsResourcesOverARestart() {
    String task = task("lasting");
    service.close();
    open();
    JsonNode shown = ok("DescribeReplicationTasks", "{}").at("/ReplicationTasks/0");
    assertThat(shown.get("ReplicationTaskArn").asText()).isEqualTo(task);
    assertThat(shown.get("Status").asText()).isEqualTo("ready");
    assertThat(shown.get("ReplicationTaskSettings").asText()).contains("\"CommitRate\":10000");
  }

  @Test
  void givesPagesThatMissNothing() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      made.add(endpoint(TARGET, "target" + i));
    }
    List<String> listed = new ArrayList<>();
    String marker = "";
    int pages = 0;
    do {
      JsonNode page =
          ok(
              "DescribeEndpoints",
              "{'MaxRecords':20" + (marker.isEmpty() ? "" : ",'Marker':'" + marker + "'") + "}");
      page.get("Endpoints").forEach(e -> listed.add(e.get("EndpointArn").asText()));
      marker = page.path("Marker").asText();
      pages++;
    } while (!marker.isEmpty());
    assertThat(listed).containsExactlyElementsOf(made);
    assertThat(pages).isEqualTo(3);
    refuses("DescribeEndpoints", "{'MaxRecords':5}", "InvalidParameterValueException");
    refuses("DescribeEndpoints", "{'Marker':'?'}", "InvalidParameterValueException");
  }

  @Test
  void tellsWhyAConnectionFails() {
    String arn = endpoint(SOURCE, "closed");
    String both = "'ReplicationInstanceArn':'" + INSTANCE + "','EndpointArn':'" + arn + "'";
    assertThat(ok("TestConnection", "{" + both + "}").at("/Connection/Status").asText())
        .isEqualTo("testing");
    JsonNode connection = ok("DescribeConnections", "{}").at("/Connections/0");
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (connection.get("Status").asText().equals("testing")
        && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
      connection = ok("DescribeConnections", "{}").at("/Connections/0");
    }
    assertThat(connection.get("Status").asText()).isEqualTo("failed");
    assertThat(connection.get("LastFailureMessage").asText()).contains("Test Endpoint failed");
    ok("DeleteConnection", "{" + both + "}");
    assertThat(ok("DescribeConnections", "{}").get("Connections")).isEmpty();
  }

  @Test
  void refusesWhatIsWrongWithADocumentedFault() {
    String none = "arn:aws:dms:us-east-1:000000000000:task:NONE";
    refuses(
        "StopReplicationTask", "{'ReplicationTaskArn':'" + none + "'}", "ResourceNotFoundFault");
    refuses("StopReplicationTask", "{}", "InvalidParameterValueException", "ReplicationTaskArn");
    refuses("StopReplicationTask", "{'ReplicationTaskArn':7}", "SerializationException");
    refuses("NoSuchThing", "{}", "UnknownOperationException");
    refuses("DescribeMigrationProjects", "{}", "InvalidOperationFault", "not offered");
    refuses(
        "CreateEndpoint",
        SOURCE.formatted("x").replace("'source'", "'both'"),
        "InvalidParameterValueException",
        "EndpointType");
    refuses(
        "CreateEndpoint",
        SOURCE.formatted("x").replace("postgres", "mysql"),
        "InvalidParameterValueException",
        "mysql");
    refuses("CreateEndpoint", SOURCE.formatted("bad--name"), "InvalidParameterValueException");
    refuses(
        "CreateEndpoint",
        TARGET.formatted("x").replace("'ServiceAccessRoleArn'", "'Other'"),
        "InvalidParameterCombinationException",
        "ServiceAccessRoleArn");
    refuses(
        "DescribeEndpoints",
        "{'Filters':[{'Name':'color','Values':['red']}]}",
        "InvalidParameterValueException");
    endpoint(TARGET, "twice");
    refuses("CreateEndpoint", TARGET.formatted("twice"), "ResourceAlreadyExistsFault");
  }

  @Test
  void refusesTasksThatCannotWork() {
    String task = task("strict");
    String arn = "'ReplicationTaskArn':'" + task + "'";
    refuses("StopReplicationTask", "{" + arn + "}", "InvalidResourceStateFault");
    refuses(
        "StartReplicationTask",
        "{" + arn + ",'StartReplicationTaskType':'start-replication'}",
        "InvalidResourceStateFault",
        "Test connection");
    refuses(
        "StartReplicationTask",
        "{" + arn + ",'StartReplicationTaskType':'resume-processing'}",
        "InvalidParameterCombinationException");
    refuses(
        "ModifyReplicationTask",
        "{" + arn + ",'TableMappings':'no'}",
        "InvalidParameterValueException");
    refuses(
        "ModifyReplicationTask",
        "{" + arn + ",'ReplicationTaskSettings':'{\\'Speed\\':9}'}",
        "InvalidParameterValueException",
        "Speed");
    refuses(
        "ModifyReplicationTask",
        "{" + arn + ",'CdcStartPosition':'4AF/B00000D0'}",
        "InvalidParameterCombinationException");
    refuses(
        "MoveReplicationTask",
        "{" + arn + ",'TargetReplicationInstanceArn':'" + INSTANCE + "'}",
        "InvalidResourceStateFault");
    refuses(
        "DeleteReplicationInstance",
        "{'ReplicationInstanceArn':'" + INSTANCE + "'}",
        "InvalidResourceStateFault",
        "tasks");
    String source =
        ok("DescribeReplicationTasks", "{}").at("/ReplicationTasks/0/SourceEndpointArn").asText();
    refuses("DeleteEndpoint", "{'EndpointArn':'" + source + "'}", "InvalidResourceStateFault");
    ok("ModifyReplicationTask", "{" + arn + ",'ReplicationTaskIdentifier':'loose'}");
    assertThat(ok("DeleteReplicationTask", "{" + arn + "}").at("/ReplicationTask/Status").asText())
        .isEqualTo("deleting");
  }

  @Test
  void refusesWebPagesFromElsewhere() {
    Reply reply =
        client.send(
            "AmazonDMSv20160101.DescribeEndpoints",
            new byte[0],
            "POST",
            "Origin",
            "https://example.org");
    assertThat(reply.status()).isEqualTo(403);
  }
}
