package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.waiters.Waiter;
import software.amazon.awssdk.core.waiters.WaiterAcceptor;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.databasemigration.DatabaseMigrationClient;
import software.amazon.awssdk.services.databasemigration.model.DescribeReplicationsResponse;
import software.amazon.awssdk.services.databasemigration.model.Filter;
import software.amazon.awssdk.services.databasemigration.model.ImportCertificateResponse;
import software.amazon.awssdk.services.databasemigration.model.MigrationTypeValue;
import software.amazon.awssdk.services.databasemigration.model.ReplicationEndpointTypeValue;
import software.amazon.awssdk.services.databasemigration.model.ReplicationTask;
import software.amazon.awssdk.services.databasemigration.model.ResourceNotFoundException;
import software.amazon.awssdk.services.databasemigration.model.StartReplicationTaskAssessmentRunResponse;
import software.amazon.awssdk.services.databasemigration.model.StartReplicationTaskTypeValue;
import software.amazon.awssdk.services.databasemigration.model.TableToReload;
import software.amazon.awssdk.services.databasemigration.model.Tag;
import software.amazon.awssdk.services.databasemigration.waiters.DatabaseMigrationWaiter;

/** The service as programs in Java drive it: by the SDK's client of DMS, with its waiters. */
final class DmsSdkIT {

  private static final int ROWS = 100;
  private static final String MAPPINGS =
      """
      {"rules":[{"rule-type":"selection","rule-id":"1","rule-name":"1","rule-action":"include",
      "object-locator":{"schema-name":"public","table-name":"foo"}}]}\
      """;

  /** The SDK's conditions, asked sooner than an AWS account likes. */
  private static final WaiterOverrideConfiguration SOON =
      WaiterOverrideConfiguration.builder()
          .maxAttempts(1_200)
          .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100)))
          .build();

  @TempDir private static Path directory;
  private static EmbeddedServer server;
  private static Service service;
  private AnswerShapes shapes;
  private DatabaseMigrationClient dms;
  private DatabaseMigrationWaiter waiter;

  @BeforeAll
  static void open() {
    server = EmbeddedServer.start("source", "target");
    server.execute(
        "source",
        "CREATE TABLE foo (id int PRIMARY KEY, name text)",
        "INSERT INTO foo SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g");
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("state"),
                SinkUrl.parse(server.url("target"), Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
  }

  @BeforeEach
  void connect() {
    shapes = new AnswerShapes();
    dms =
        DatabaseMigrationClient.builder()
            .endpointOverride(URI.create("http://localhost:" + service.port()))
            .region(Region.US_EAST_1)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .overrideConfiguration(o -> o.addExecutionInterceptor(shapes))
            .build();
    waiter = DatabaseMigrationWaiter.builder().client(dms).overrideConfiguration(SOON).build();
  }

  @AfterEach
  void disconnect() {
    waiter.close();
    dms.close();
  }

  @AfterAll
  static void close() {
    service.close();
    server.close();
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }

  private String instance(String name) {
    String arn =
        dms.createReplicationInstance(
                r -> r.replicationInstanceIdentifier(name).replicationInstanceClass("dms.t3.small"))
            .replicationInstance()
            .replicationInstanceArn();
    waiter.waitUntilReplicationInstanceAvailable(
        r -> r.filters(filter("replication-instance-arn", arn)));
    return arn;
  }

  private String source(String name, int port) {
    return dms.createEndpoint(
            r ->
                r.endpointIdentifier(name + "-source")
                    .endpointType(ReplicationEndpointTypeValue.SOURCE)
                    .engineName("postgres")
                    .serverName("127.0.0.1")
                    .port(port)
                    .username("postgres")
                    .password("x")
                    .databaseName("source"))
        .endpoint()
        .endpointArn();
  }

  private String target(String name) {
    return dms.createEndpoint(
            r ->
                r.endpointIdentifier(name + "-target")
                    .endpointType(ReplicationEndpointTypeValue.TARGET)
                    .engineName("kinesis")
                    .kinesisSettings(
                        k ->
                            k.streamArn("arn:aws:kinesis:us-east-1:000000000000:stream/" + name)
                                .serviceAccessRoleArn("arn:aws:iam::000000000000:role/any")))
        .endpoint()
        .endpointArn();
  }

  private void test(String instance, String... endpoints) {
    for (String endpoint : endpoints) {
      dms.testConnection(r -> r.replicationInstanceArn(instance).endpointArn(endpoint));
      waiter.waitUntilTestConnectionSucceeds(r -> r.filters(filter("endpoint-arn", endpoint)));
    }
  }

  private ReplicationTask task(String name, String instance, String source, String target) {
    ReplicationTask task =
        dms.createReplicationTask(
                r ->
                    r.replicationTaskIdentifier(name)
                        .sourceEndpointArn(source)
                        .targetEndpointArn(target)
                        .replicationInstanceArn(instance)
                        .migrationType(MigrationTypeValue.FULL_LOAD_AND_CDC)
                        .tableMappings(MAPPINGS))
            .replicationTask();
    waiter.waitUntilReplicationTaskReady(r -> r.filters(task(task)));
    return task;
  }

  private static Filter task(ReplicationTask task) {
    return filter("replication-task-arn", task.replicationTaskArn());
  }

  private void start(ReplicationTask task, StartReplicationTaskTypeValue type) {
    dms.startReplicationTask(
        r -> r.replicationTaskArn(task.replicationTaskArn()).startReplicationTaskType(type));
    waiter.waitUntilReplicationTaskRunning(r -> r.filters(task(task)));
  }

  private void stop(ReplicationTask task) {
    dms.stopReplicationTask(r -> r.replicationTaskArn(task.replicationTaskArn()));
    waiter.waitUntilReplicationTaskStopped(r -> r.filters(task(task)));
  }

  @Test
  void waitersPassTheLifeCycleOfATask() {
    String instance = instance("waited");
    String source = source("waited", server.port());
    String target = target("waited");
    test(instance, source, target);
    ReplicationTask task = task("waited", instance, source, target);
    start(task, StartReplicationTaskTypeValue.START_REPLICATION);
    stop(task);
    start(task, StartReplicationTaskTypeValue.RESUME_PROCESSING);
    stop(task);
    start(task, StartReplicationTaskTypeValue.RELOAD_TARGET);
    assertThatThrownBy(() -> waiter.waitUntilReplicationTaskReady(r -> r.filters(task(task))))
        .as("the waiter's own failure state")
        .isInstanceOf(SdkClientException.class);
    stop(task);
    dms.deleteReplicationTask(r -> r.replicationTaskArn(task.replicationTaskArn()));
    waiter.waitUntilReplicationTaskDeleted(r -> r.filters(task(task)));
    for (String endpoint : List.of(source, target)) {
      dms.deleteConnection(r -> r.replicationInstanceArn(instance).endpointArn(endpoint));
      dms.deleteEndpoint(r -> r.endpointArn(endpoint));
      waiter.waitUntilEndpointDeleted(r -> r.filters(filter("endpoint-arn", endpoint)));
    }
    dms.deleteReplicationInstance(r -> r.replicationInstanceArn(instance));
    waiter.waitUntilReplicationInstanceDeleted(
        r -> r.filters(filter("replication-instance-arn", instance)));
    assertThat(shapes.problems()).isEmpty();
  }

  @Test
  void waiterEndsWhenAConnectionFails() {
    String instance = instance("failing");
    String endpoint = source("failing", 1);
    dms.testConnection(r -> r.replicationInstanceArn(instance).endpointArn(endpoint));
    assertThatThrownBy(
            () ->
                waiter.waitUntilTestConnectionSucceeds(
                    r -> r.filters(filter("endpoint-arn", endpoint))))
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("failure state");
  }

  /** The SDK has no waiters for serverless replications, only what they are made of. */
  private static Waiter<DescribeReplicationsResponse> until(String status) {
    return Waiter.builder(DescribeReplicationsResponse.class)
        .overrideConfiguration(SOON)
        .addAcceptor(
            WaiterAcceptor.successOnResponseAcceptor(
                r -> r.replications().stream().allMatch(x -> x.status().equals(status))))
        .addAcceptor(
            WaiterAcceptor.errorOnResponseAcceptor(
                r -> r.replications().stream().anyMatch(x -> x.status().equals("failed"))))
        .addAcceptor(
            WaiterAcceptor.successOnExceptionAcceptor(
                e -> status.equals("deleted") && e instanceof ResourceNotFoundException))
        .addAcceptor(WaiterAcceptor.retryOnResponseAcceptor(r -> true))
        .build();
  }

  private void await(String config, String status) {
    until(status)
        .run(
            () ->
                dms.describeReplications(r -> r.filters(filter("replication-config-arn", config))));
  }

  private String config(String name) {
    String source = source(name, server.port());
    String target = target(name);
    return dms.createReplicationConfig(
            r ->
                r.replicationConfigIdentifier(name)
                    .sourceEndpointArn(source)
                    .targetEndpointArn(target)
                    .replicationType(MigrationTypeValue.FULL_LOAD_AND_CDC)
                    .computeConfig(c -> c.maxCapacityUnits(2))
                    .tableMappings(MAPPINGS))
        .replicationConfig()
        .replicationConfigArn();
  }

  private void startServerless(String config, String type) {
    dms.startReplication(r -> r.replicationConfigArn(config).startReplicationType(type));
    await(config, "running");
  }

  private void stopServerless(String config) {
    dms.stopReplication(r -> r.replicationConfigArn(config));
    await(config, "stopped");
  }

  @Test
  void waitersPassTheLifeCycleOfAServerlessReplication() {
    String config = config("serverless");
    await(config, "created");
    startServerless(config, "start-replication");
    stopServerless(config);
    startServerless(config, "resume-processing");
    stopServerless(config);
    dms.deleteReplicationConfig(r -> r.replicationConfigArn(config));
    await(config, "deleted");
    assertThat(shapes.problems()).isEmpty();
  }

  private static String certificate() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    X509TrustManager trust = (X509TrustManager) factory.getTrustManagers()[0];
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(trust.getAcceptedIssuers()[0].getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private AnyRequest requests(ReplicationTask task, String config) throws Exception {
    return new AnyRequest(dms)
        .know("ReplicationInstanceArn", task.replicationInstanceArn())
        .know("TargetReplicationInstanceArn", task.replicationInstanceArn())
        .know("EndpointArn", task.sourceEndpointArn())
        .know("ReplicationTaskArn", task.replicationTaskArn())
        .know("ReplicationConfigArn", config)
        .know("ResourceArn", task.replicationTaskArn())
        .know("EngineName", "postgres")
        .know("ReplicationSubnetGroupIdentifier", "walked")
        .know("CertificateIdentifier", "walked")
        .know("CertificatePem", certificate())
        .know("ReplicationSubnetGroupDescription", "walked")
        .know("SubnetIds", List.of("subnet-1"))
        .know("Tags", List.of(Tag.builder().key("k").value("v").build()))
        .know("TagKeys", List.of("k"))
        .know("AssessmentRunName", "walked")
        .know("ServiceAccessRoleArn", "arn:aws:iam::000000000000:role/any")
        .know("ResultLocationBucket", "any")
        .know(
            "TablesToReload",
            List.of(TableToReload.builder().schemaName("public").tableName("foo").build()));
  }

  private static void call(AnyRequest requests, List<String> operations, Map<String, String> not) {
    for (String operation : operations) {
      try {
        var answer = requests.call(operation);
        if (answer instanceof ImportCertificateResponse imported) {
          requests.know("CertificateArn", imported.certificate().certificateArn());
        } else if (answer instanceof StartReplicationTaskAssessmentRunResponse run) {
          requests.know(
              "ReplicationTaskAssessmentRunArn",
              run.replicationTaskAssessmentRun().replicationTaskAssessmentRunArn());
        }
      } catch (AwsServiceException e) {
        assertThat(e.statusCode()).as("%s: %s", operation, e.getMessage()).isEqualTo(400);
        not.put(operation, e.awsErrorDetails().errorCode());
      }
    }
  }

  /** Whatever is not called by name is called with what it requires, in an order that suits it. */
  @Test
  void everyAnswerHasTheShapeOfTheSdk() throws Exception {
    String instance = instance("walked");
    String source = source("walked", server.port());
    String target = target("walked");
    test(instance, source, target);
    ReplicationTask task = task("walked", instance, source, target);
    String config = config("walked-serverless");
    AnyRequest requests = requests(task, config);
    Map<String, String> refused = new TreeMap<>();
    call(
        requests,
        List.of(
            "CreateReplicationSubnetGroup", "StartReplicationTaskAssessmentRun", "RefreshSchemas"),
        refused);
    startServerless(config, "start-replication");
    start(task, StartReplicationTaskTypeValue.START_REPLICATION);
    call(requests, rest("(Start|Stop|Modify|Delete).*", refused), refused);
    stop(task);
    stopServerless(config);
    call(requests, rest("Delete.*", refused), refused);
    dms.deleteConnection(r -> r.replicationInstanceArn(instance).endpointArn(target));
    call(
        requests,
        rest("Delete(Connection|Endpoint|Certificate|ReplicationInstance)", refused),
        refused);
    waiter.waitUntilReplicationTaskDeleted(r -> r.filters(task(task)));
    await(config, "deleted");
    call(
        requests,
        List.of(
            "DeleteConnection", "DeleteEndpoint", "DeleteCertificate", "DeleteReplicationInstance"),
        refused);
    assertThat(shapes.problems()).isEmpty();
    refused.values().removeIf(code -> code.equals("InvalidOperationFault"));
    assertThat(refused).as("refused, though offered: see docs/dms-api.md").hasSize(2);
    assertThat(refused)
        .containsEntry("CancelReplicationTaskAssessmentRun", "InvalidResourceStateFault")
        .containsEntry("MoveReplicationTask", "InvalidResourceStateFault");
  }

  /** What is not called yet, but operations of these names. */
  private List<String> rest(String later, Map<String, String> refused) {
    List<String> rest = new ArrayList<>(AnyRequest.operations());
    rest.removeIf(operation -> operation.matches(later));
    rest.removeAll(shapes.operations());
    rest.removeAll(refused.keySet());
    return rest;
  }
}
