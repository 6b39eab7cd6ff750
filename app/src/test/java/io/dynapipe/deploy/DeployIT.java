package io.dynapipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsService;
import io.dynapipe.image.DockerRegistry;
import io.dynapipe.service.Service;
import io.dynapipe.service.ServiceSettings;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pipeline from nothing to nothing, as a person types it: CloudFormation and its resources by
 * moto, AWS DMS and its logs by {@code dynapipe serve}, the image in a real registry. moto's
 * CloudFormation passes over AWS DMS, so the test makes what the template says of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployIT {

  private static final String SELECTION =
      "{\"rules\":[{\"rule-type\":\"selection\",\"rule-id\":\"1\",\"rule-name\":\"1\","
          + "\"rule-action\":\"include\",\"object-locator\":{\"schema-name\":\"public\","
          + "\"table-name\":\"%\"}}]}";

  @TempDir static Path directory;
  private static Moto moto;
  private static DockerRegistry registry;
  private static EcrFront ecr;
  private static EmbeddedServer server;
  private static Service service;
  private static final Map<String, String> ENVIRONMENT = new HashMap<>();

  private record Ended(int code, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    moto = Moto.start();
    registry = DockerRegistry.start(directory);
    ecr = new EcrFront(moto.url(), registry.host());
    server = EmbeddedServer.start("source", "target");
    server.execute("source", "CREATE TABLE foo (id INT PRIMARY KEY, attributes JSONB)");
    server.execute("source", "INSERT INTO foo VALUES (1, '{}')");
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("service"),
                SinkUrl.parse(server.url("target"), Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
    String dms = "http://127.0.0.1:" + service.port();
    ENVIRONMENT.putAll(
        Map.of(
            "AWS_ACCESS_KEY_ID", "test",
            "AWS_SECRET_ACCESS_KEY", "test",
            "AWS_REGION", "us-east-1",
            "AWS_DEFAULT_REGION", "us-east-1",
            "AWS_ENDPOINT_URL", moto.url(),
            "AWS_ENDPOINT_URL_ECR", ecr.url(),
            "AWS_ENDPOINT_URL_DATABASE_MIGRATION_SERVICE", dms));
    makeReplication();
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable part : new AutoCloseable[] {service, server, ecr, registry, moto}) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** What the template's resources of AWS DMS would become, and the secret of its database. */
  private static void makeReplication() {
    try (AwsClient dms = AwsClient.connect("us-east-1", ENVIRONMENT)) {
      new Secrets(dms, "shop").put("database", "{\"username\":\"dynapipe\",\"password\":\"x\"}");
      ObjectNode instance = AwsClient.object().put("ReplicationInstanceIdentifier", "shop");
      String instanceArn =
          dms.json(
                  AwsService.DMS,
                  "CreateReplicationInstance",
                  instance.put("ReplicationInstanceClass", "dms.t3.medium"))
              .at("/ReplicationInstance/ReplicationInstanceArn")
              .asText();
      ObjectNode source = endpoint("shop-source", "source", "postgres");
      source.put("ServerName", "127.0.0.1").put("Port", server.port());
      source.put("DatabaseName", "source").put("Username", "postgres").put("Password", "x");
      ObjectNode target = endpoint("shop-target", "target", "kinesis");
      ObjectNode kinesis = target.putObject("KinesisSettings");
      kinesis.put("StreamArn", "arn:aws:kinesis:us-east-1:000000000000:stream/shop");
      kinesis.put("ServiceAccessRoleArn", "arn:aws:iam::000000000000:role/shop");
      ObjectNode task = AwsClient.object().put("ReplicationTaskIdentifier", "shop");
      task.put("ReplicationInstanceArn", instanceArn);
      task.put("SourceEndpointArn", make(dms, source)).put("TargetEndpointArn", make(dms, target));
      task.put("MigrationType", "full-load-and-cdc").put("TableMappings", SELECTION);
      dms.json(AwsService.DMS, "CreateReplicationTask", task);
    }
  }

  private static ObjectNode endpoint(String name, String type, String engine) {
    ObjectNode endpoint = AwsClient.object().put("EndpointIdentifier", name);
    return endpoint.put("EndpointType", type).put("EngineName", engine);
  }

  private static String make(AwsClient dms, ObjectNode endpoint) {
    return dms.json(AwsService.DMS, "CreateEndpoint", endpoint)
        .at("/Endpoint/EndpointArn")
        .asText();
  }

  @Test
  @Order(1)
  void makesEverythingFromNothing() throws Exception {
    Ended up = up("--json");

    assertThat(up.code()).as(up.err()).isZero();
    JsonNode facts = AwsClient.read(up.out());
    assertThat(facts.path(Facts.STREAM).asText())
        .isEqualTo("arn:aws:kinesis:us-east-1:123456789012:stream/shop");
    assertThat(facts.path(Facts.DATABASE).asText())
        .isEqualTo("arn:aws:rds:us-east-1:123456789012:db:shop");
    assertThat(facts.path(Facts.REPLICATION).asText())
        .startsWith("arn:aws:dms:us-east-1:000000000000:task:");
    assertThat(up.err())
        .contains("+ Function  AWS::Lambda::Function", "CREATE_COMPLETE", "endpoint shop-source")
        .doesNotContain("secretpassword");
    try (AwsClient aws = AwsClient.connect("us-east-1", ENVIRONMENT)) {
      Stacks.Stack stack = new Stacks(aws, "shop").find().orElseThrow();
      String image = stack.parameters().get("ImageUri");
      assertThat(image).startsWith(registry.host() + "/shop@sha256:");
      assertThat(registry.json("shop/manifests/" + image.substring(image.indexOf('@') + 1)))
          .isNotEmpty();
      assertThat(stack.parameters()).containsEntry("CreateDmsVpcRole", "true");
      assertThat(new Preflight(aws, null).hasRole("dms-vpc-role")).isTrue();
      assertThat(new Secrets(aws, "shop").find("sink")).isPresent();
    }
  }

  @Test
  @Order(2)
  void changesNothingTheSecondTime() throws Exception {
    Ended up = up();

    assertThat(up.code()).as(up.err()).isZero();
    assertThat(up.out()).contains("nothing changes");
  }

  @Test
  @Order(3)
  void changesOnlyWhatIsAskedFor() throws Exception {
    Ended up = up("--parameter", "FunctionMemory=2048");

    assertThat(up.code()).as(up.err()).isZero();
    // moto's change sets tell no resource that changes by a parameter.
    assertThat(up.out()).contains("Changes of the stack shop").doesNotContain("AWS::RDS");
    assertThat(up.out()).contains("RDS instance ARN", "console.aws.amazon.com", "Next:");
    String memory = "aws lambda get-function-configuration --function-name shop --query MemorySize";
    assertThat(run(List.of(memory.split(" ")), "").out().strip()).isEqualTo("2048");
  }

  @Test
  @Order(4)
  void tellsHowItIs() throws Exception {
    Ended status = dynapipe("status");

    assertThat(status.code()).as(status.err() + status.out()).isZero();
    assertThat(status.out()).contains("UPDATE_COMPLETE", "running", "full load");
  }

  @Test
  @Order(5)
  void printsCommandsThatWork() throws Exception {
    List<String> commands =
        dynapipe("info")
            .out()
            .lines()
            .map(String::strip)
            .filter(l -> l.startsWith("aws "))
            .toList();

    assertThat(commands).hasSizeGreaterThan(6);
    for (String command : commands) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      // Logs of AWS DMS are served where AWS DMS is.
      boolean ofDms = command.contains("dms-tasks-");
      Ended ended = run(words, ofDms ? "DATABASE_MIGRATION_SERVICE" : "");
      assertThat(ended.code()).as(command + "\n" + ended.err()).isZero();
      if (command.contains("stop-replication-task")) {
        awaitStopped();
      }
    }
  }

  private static void awaitStopped() {
    try (AwsClient dms = AwsClient.connect("us-east-1", ENVIRONMENT)) {
      new Waiting("the stop")
          .until(() -> Replication.find(dms, "shop").filter(Replication::isAtRest));
    }
  }

  @Test
  @Order(6)
  void stopsAndGoesOn() throws Exception {
    Ended stopped = dynapipe("stop");
    assertThat(stopped.code()).as(stopped.err()).isZero();
    assertThat(dynapipe("status").code()).isEqualTo(1);

    Ended resumed = dynapipe("resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
  }

  @Test
  @Order(7)
  void takesEverythingDown() throws Exception {
    Ended down = dynapipe("down", "--database", "delete", "--yes");

    assertThat(down.code()).as(down.err()).isZero();
    try (AwsClient aws = AwsClient.connect("us-east-1", ENVIRONMENT)) {
      assertThat(new Stacks(aws, "shop").find()).isEmpty();
      assertThat(new Secrets(aws, "shop").find("sink")).isEmpty();
    }
    assertThat(dynapipe("status").code()).isEqualTo(3);
  }

  /**
   * moto takes no parameter group that it made itself, and fails to update what it did not make
   * because of a condition.
   */
  private static final String OVERLAY =
      """
      Resources:
        Database: {Properties: {DBParameterGroupName: default.postgres16}}
        Vpc: null
        SubnetA: null
        SubnetB: null
        RouteTable: null
        SubnetARoutes: null
        SubnetBRoutes: null
        InternetGateway: null
        InternetGatewayAttachment: null
        InternetRoute: null
        KinesisEndpoint: null
        SecretsEndpoint: null
        EndpointSecurityGroup: null
        FunctionSecurityGroup: null
        SourceIngress: null
        DatabasePublicIngress: null
        ReplicationConfig: null
      """;

  private static Ended up(String... more) throws Exception {
    Path overlay = Files.writeString(directory.resolve("overlay.yaml"), OVERLAY);
    List<String> words =
        new ArrayList<>(List.of("up", "--yes", "--base", "scratch", "--overlay", overlay + ""));
    // Without an address moto fails to update the topic that it did not make.
    words.addAll(List.of("--parameter", "AlarmEmail=ops@example.org"));
    words.addAll(network());
    words.addAll(List.of("--sink", "crate://crate:secretpassword@127.0.0.1:1/?ssl=true"));
    words.addAll(List.of(more));
    return dynapipe(words.toArray(String[]::new));
  }

  /** moto cannot delete a VPC that it made with endpoints, so its default VPC is used. */
  private static List<String> network() throws Exception {
    String subnets = "aws ec2 describe-subnets --output text --query Subnets[:2].[VpcId,SubnetId]";
    List<String> lines = run(List.of(subnets.split(" ")), "").out().lines().toList();
    String vpc = lines.get(0).split("\t")[0];
    String both = lines.get(0).split("\t")[1] + "," + lines.get(1).split("\t")[1];
    return List.of("--parameter", "VpcId=" + vpc, "--parameter", "SubnetIds=" + both);
  }

  private static Ended dynapipe(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Ddynapipe.deploy.poll=100"));
    String home = System.getProperty("dynapipe.home");
    if (home != null) {
      command.add("-Ddynapipe.home=" + home);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.dynapipe.cli.Main"));
    command.add("deploy");
    command.add(words[0]);
    command.addAll(List.of("--stack", "shop"));
    command.addAll(List.of(words).subList(1, words.length));
    return run(command, "");
  }

  private static Ended run(List<String> command, String service)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    ProcessBuilder start =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    start.environment().putAll(ENVIRONMENT);
    if (!service.isEmpty()) {
      start.environment().put("AWS_ENDPOINT_URL", ENVIRONMENT.get("AWS_ENDPOINT_URL_" + service));
    }
    try {
      int code = start.start().waitFor();
      return new Ended(
          code,
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (IOException e) {
      assumeTrue(
          !command.get(0).equals("aws"), "the aws command line (moto_server is not installed)");
      throw e;
    }
  }
}
