package io.dynapipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Least privilege, no door to the internet, everything encrypted. */
class TemplatePolicyTest {

  /**
   * AWS's authorization reference has no resource type for these: "*" is all that can be written.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html">
   *     Actions, resources, and condition keys for Amazon EC2</a>
   */
  private static final Set<String> NOT_TIED_TO_A_RESOURCE =
      Set.of(
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs");

  private final JsonNode resources = Template.bundled().tree().path("Resources");

  @Test
  void allowsTheseActionsAndNoOther() {
    Set<String> actions = new TreeSet<>();
    for (JsonNode statement : statements()) {
      actions.addAll(texts(statement.path("Action")));
    }

    assertThat(actions)
        .containsExactly(
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ec2:UnassignPrivateIpAddresses",
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
            "kinesis:PutRecord",
            "kinesis:PutRecords",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "sqs:SendMessage",
            "sts:AssumeRole");
  }

  @Test
  void namesTheResourceWhereverAwsLetsIt() {
    for (JsonNode statement : statements()) {
      List<String> actions = texts(statement.path("Action"));
      assertThat(actions).noneMatch(action -> action.endsWith("*"));
      boolean everything = texts(statement.path("Resource")).contains("*");
      assertThat(everything).isEqualTo(NOT_TIED_TO_A_RESOURCE.containsAll(actions));
    }
  }

  /** AWS DMS insists on them for its two fixed roles. */
  @Test
  void usesNoOtherManagedPolicies() {
    assertThat(resources.findValues("ManagedPolicyArns").toString())
        .isEqualTo(
            "[[{\"Fn::Sub\":\"arn:${AWS::Partition}:iam::aws:policy/service-role/"
                + "AmazonDMSVPCManagementRole\"}], "
                + "[{\"Fn::Sub\":\"arn:${AWS::Partition}:iam::aws:policy/service-role/"
                + "AmazonDMSCloudWatchLogsRole\"}]]");
  }

  @Test
  void letsNobodyInFromTheInternet() {
    List<String> doors = new ArrayList<>();
    for (String property : List.of("CidrIp", "CidrIpv6", "SourcePrefixListId")) {
      resources.findValues(property).forEach(cidr -> doors.add(cidr.toString()));
    }

    assertThat(doors)
        .containsExactlyInAnyOrder("{\"Ref\":\"VpcCidr\"}", "{\"Ref\":\"DatabasePublicCidr\"}");
    assertThat(resources.at("/Database/Properties/PubliclyAccessible").toString())
        .isEqualTo("{\"Fn::If\":[\"PublicDatabase\",true,false]}");
    assertThat(resources.at("/ReplicationInstance/Properties/PubliclyAccessible").asBoolean(true))
        .isFalse();
  }

  @Test
  void acceptsNoCidrOfTheWholeInternet() {
    String pattern =
        Template.bundled().tree().at("/Parameters/DatabasePublicCidr/AllowedPattern").asText();

    assertThat("203.0.113.7/32").matches(pattern);
    assertThat("0.0.0.0/0").doesNotMatch(pattern);
  }

  @Test
  void encryptsWhatItStoresAndSends() {
    assertThat(resources.at("/Database/Properties/StorageEncrypted").asBoolean()).isTrue();
    assertThat(resources.at("/Stream/Properties/StreamEncryption/EncryptionType").asText())
        .isEqualTo("KMS");
    assertThat(resources.at("/FailureQueue/Properties/SqsManagedSseEnabled").asBoolean()).isTrue();
    assertThat(resources.at("/DatabaseParameters/Properties/Parameters/rds.force_ssl").asText())
        .isEqualTo("1");
    assertThat(resources.at("/SourceEndpoint/Properties/SslMode").asText()).isEqualTo("require");
  }

  @Test
  void keepsEachLogForAWhile() {
    int groups = 0;
    for (JsonNode resource : resources) {
      if (resource.path("Type").asText().equals("AWS::Logs::LogGroup")) {
        groups++;
        assertThat(resource.at("/Properties/RetentionInDays/Ref").asText())
            .isEqualTo("LogRetentionDays");
      }
    }
    assertThat(groups).isEqualTo(3);
  }

  /** Statements that allow; those of a deny may be as wide as they like. */
  private List<JsonNode> statements() {
    List<JsonNode> statements = new ArrayList<>();
    collect(resources, statements);
    return statements;
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.path("Effect").asText().equals("Allow")) {
      into.add(node);
    }
    node.forEach(child -> collect(child, into));
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.asText());
    }
    node.forEach(element -> texts.add(element.isTextual() ? element.asText() : element.toString()));
    return texts;
  }
}
