package io.dynapipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.error.PipelineException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {

  /** CloudFormation takes no more in a request; more would need a bucket. */
  private static final int LARGEST_BODY = 51_200;

  private final Template template = Template.bundled();

  @Test
  void fitsIntoARequest() {
    assertThat(template.text().length()).isLessThan(LARGEST_BODY);
    assertThat(TemplateYaml.write(template.tree()).length()).isLessThan(LARGEST_BODY);
  }

  @Test
  void readsShortForms() {
    JsonNode tree =
        TemplateYaml.read(
            "it", "a: !GetAtt Stream.Arn\nb: !If [X, !Ref Y, !Sub 'z']\nc: 2012-10-17");

    assertThat(tree.toString())
        .isEqualTo(
            "{\"a\":{\"Fn::GetAtt\":[\"Stream\",\"Arn\"]},"
                + "\"b\":{\"Fn::If\":[\"X\",{\"Ref\":\"Y\"},{\"Fn::Sub\":\"z\"}]},"
                + "\"c\":\"2012-10-17\"}");
  }

  @Test
  void keepsItsContentWhenWrittenAndRead() {
    assertThat(TemplateYaml.read("it", TemplateYaml.write(template.tree())))
        .isEqualTo(template.tree());
  }

  @Test
  void takesAnotherTemplateOverItself() {
    Template merged =
        template.with(
            "extra",
            """
            Resources:
              Function:
                Properties:
                  MemorySize: 2048
                  Environment: {Variables: {EXTRA: !Ref AWS::Region}}
                  ReservedConcurrentExecutions: 5
              GivenUpAlarm: null
              Topic: {Type: AWS::SNS::Topic}
            """);

    JsonNode function = merged.tree().path("Resources").path("Function").path("Properties");
    assertThat(function.path("MemorySize").asInt()).isEqualTo(2048);
    assertThat(function.at("/Environment/Variables/EXTRA/Ref").asText()).isEqualTo("AWS::Region");
    assertThat(function.at("/Environment/Variables/MESSAGE_FORMAT").asText()).isEqualTo("dms");
    assertThat(merged.tree().path("Resources").has("GivenUpAlarm")).isFalse();
    assertThat(merged.tree().at("/Resources/Topic/Type").asText()).isEqualTo("AWS::SNS::Topic");
  }

  @Test
  void tellsWhatIsNotATemplate() {
    assertThatThrownBy(() -> template.with("extra.yaml", "a: [1"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("extra.yaml is not YAML");
    assertThatThrownBy(() -> template.with("extra.yaml", "- a"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("extra.yaml is not a mapping");
  }

  @Test
  void knowsWhatADatabaseNeedsToLiveOn() {
    Set<String> kept = template.closure("Database");

    assertThat(kept)
        .contains("Database", "DatabaseSecret", "DatabaseSubnetGroup", "DatabaseParameters")
        .contains("DatabaseSecurityGroup", "Vpc", "SubnetA", "SubnetB", "ReplicationSecurityGroup")
        .doesNotContain("Stream", "Function", "ReplicationInstance", "KinesisEndpoint");
    JsonNode changed = template.withDeletionPolicy(kept, "Retain").tree();
    assertThat(changed.at("/Resources/Vpc/DeletionPolicy").asText()).isEqualTo("Retain");
    assertThat(changed.at("/Resources/Vpc/Metadata/OnDeletion").asText()).isEqualTo("Retain");
  }
}
