package io.dynapipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stacks that fail, and how a person is helped. */
class StackTroubleTest {

  private static final String QUOTA =
      "Instance quota exceeded (Service: AmazonRDS; Status Code: 400; Error Code: "
          + "InstanceQuotaExceeded)";

  private final List<String> said = new ArrayList<>();
  private FakeCloudFormation aws;
  private Deployment deployment;
  private boolean agrees = true;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    System.setProperty("dynapipe.deploy.poll", "10");
    aws = new FakeCloudFormation();
    deployment =
        Deployment.over(
            AwsClient.connect("us-east-1", Map.of("AWS_ENDPOINT_URL", aws.url())),
            PipelineSpec.named("shop")
                .sink("crate://127.0.0.1:1/?ssl=true")
                .image("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:0"),
            new Conversation() {
              @Override
              public void say(String line) {
                said.add(line);
              }

              @Override
              public void progress(String line) {
                said.add(line);
              }

              @Override
              public boolean confirm(String question) {
                said.add(question);
                return agrees;
              }
            });
  }

  @AfterEach
  void stop() {
    deployment.close();
    aws.close();
  }

  @Test
  void makesAStackThatDoesNotExist() {
    Facts facts = deployment.up().orElseThrow();

    assertThat(facts.names())
        .containsEntry(
            Facts.PSQL, "psql \"postgresql://dynapipe@host:5432/postgres?sslmode=require\"")
        .containsEntry(Facts.STREAM, "arn:aws:kinesis:us-east-1:123456789012:stream/shop");
    assertThat(aws.status()).isEqualTo("CREATE_COMPLETE");
    Map<String, String> request =
        aws.requests.stream()
            .filter(r -> "CreateChangeSet".equals(r.get("Action")))
            .findAny()
            .get();
    assertThat(request)
        .containsEntry("ChangeSetType", "CREATE")
        .containsEntry("Capabilities.member.1", "CAPABILITY_NAMED_IAM")
        .containsEntry("Version", "2010-05-15")
        .containsEntry("Signed", "true")
        .containsEntry("TemplateBody", Template.bundled().text())
        .containsValue("CreateDmsVpcRole")
        .doesNotContainValue("crate://127.0.0.1:1/?ssl=true");
  }

  @Test
  void changesNothingWhenThePersonDoesNotAgree() {
    agrees = false;

    assertThat(deployment.up()).isEmpty();

    assertThat(aws.actions()).contains("DeleteChangeSet").doesNotContain("ExecuteChangeSet");
    assertThat(said).contains("  + Database  AWS::RDS::DBInstance");
  }

  @Test
  void explainsWhatFailedAndWhatToDo() {
    aws.refuseDatabase(QUOTA);

    assertThatThrownBy(deployment::up)
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("the stack shop ended as ROLLBACK_COMPLETE")
        .hasMessageContaining("Database (AWS::RDS::DBInstance): Instance quota exceeded")
        .hasMessageContaining("The account has reached a quota")
        .hasMessageNotContaining("cancelled")
        .extracting(e -> ((PipelineException) e).cure())
        .asString()
        .contains("run 'up' again: it deletes the record first");
  }

  @Test
  void deletesWhatIsLeftOfAFailedStackAndBeginsAgain() {
    aws.refuseDatabase(QUOTA);
    assertThatThrownBy(deployment::up).isInstanceOf(PipelineException.class);
    aws.refuseDatabase("");

    assertThat(deployment.up()).isPresent();

    assertThat(aws.actions())
        .containsSubsequence("ExecuteChangeSet", "DeleteStack", "ExecuteChangeSet");
    assertThat(said).anyMatch(line -> line.contains("is in ROLLBACK_COMPLETE"));
    assertThat(said).contains("Delete what is left of it, and begin again?");
    assertThat(aws.status()).isEqualTo("CREATE_COMPLETE");
  }

  @Test
  void goesOnWithARollbackThatStopped() {
    aws.stackIs("UPDATE_ROLLBACK_FAILED");

    assertThat(deployment.up()).isPresent();

    assertThat(aws.actions()).containsSubsequence("ContinueUpdateRollback", "ExecuteChangeSet");
    assertThat(said).anyMatch(line -> line.contains("going back failed, too"));
    assertThat(aws.status()).isEqualTo("UPDATE_COMPLETE");
  }

  @Test
  void leavesOutWhatCannotBeRolledBack() {
    aws.stackIs("UPDATE_ROLLBACK_FAILED");
    aws.refuseDatabase("the instance is gone");
    aws.failRollbacks(1);

    // Afterwards the update itself fails again, for the same reason.
    assertThatThrownBy(deployment::up).hasMessageContaining("the instance is gone");

    assertThat(aws.requests)
        .anyMatch(request -> "Database".equals(request.get("ResourcesToSkip.member.1")));
  }

  @Test
  void namesThePermissionThatIsMissing() {
    aws.refuseDatabase(
        "User: arn:aws:iam::1:user/me is not authorized to perform: rds:CreateDBInstance on"
            + " resource: x");

    assertThatThrownBy(deployment::up)
        .hasMessageContaining("may not do rds:CreateDBInstance. docs/aws.md has the policy");
  }

  @Test
  void tellsAParameterThatTheTemplateDoesNotHave() {
    assertThatThrownBy(
            () ->
                Deployment.over(
                        AwsClient.connect("us-east-1", Map.of("AWS_ENDPOINT_URL", aws.url())),
                        PipelineSpec.named("shop")
                            .sink("crate://127.0.0.1:1/")
                            .image("a:b")
                            .parameter("DatabaseClas", "x"),
                        new TestTalk())
                    .up())
        .hasMessageContaining("the template has no parameter DatabaseClas");
  }

  @Test
  void refusesNamesThatAwsWouldRefuseLater() {
    assertThatThrownBy(() -> PipelineSpec.named("Shop_1")).isInstanceOf(PipelineException.class);
    assertThatThrownBy(() -> PipelineSpec.named("shop--1")).isInstanceOf(PipelineException.class);
    assertThat(PipelineSpec.named("shop-1").stack()).isEqualTo("shop-1");
  }

  private static final class TestTalk implements Conversation {
    @Override
    public void say(String line) {}

    @Override
    public void progress(String line) {}

    @Override
    public boolean confirm(String question) {
      return true;
    }
  }
}
