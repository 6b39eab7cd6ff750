package io.dynapipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** cfn-lint has nothing to say, whichever way the template's conditions are switched. */
class TemplateLintIT {

  private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a";
  private static final String SUBNETS = "SubnetIds:\n    Type: CommaDelimitedList\n    Default: ";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Replication=none FunctionInVpc=true StreamShards=0 AlarmEmail=a@example.org",
        "Replication=serverless SourceDatabase=shop DatabasePublicCidr=203.0.113.7/32",
        "VpcId=vpc-0123abcd FunctionInVpc=true CreateDmsVpcRole=false CreateDmsLogsRole=false"
            + " SourceSecurityGroupId=sg-0123abcd SourceSecretArn="
            + SECRET
      })
  void isClean(String parameters) throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), template());
    List<String> given = new ArrayList<>(List.of("ImageUri=r@sha256:0", "SinkSecretArn=" + SECRET));
    given.addAll(List.of(parameters.isEmpty() ? new String[0] : parameters.split(" ")));

    assertThat(lint(file, given)).isEmpty();
  }

  /** A list cannot be told by --parameters; subnets are only used when VpcId is given. */
  private static String template() {
    String text = Template.bundled().text();
    assertThat(text).contains(SUBNETS);
    return text.replace(SUBNETS + "\"\"", SUBNETS + "subnet-0123abcd,subnet-4567abcd");
  }

  /** All findings, of which informational ones, too. */
  private static String lint(Path file, List<String> parameters)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("cfn-lint", "-c", "I", "-t", file.toString()));
    command.add("--parameters");
    command.addAll(parameters);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "cfn-lint is not installed");
      throw e;
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.isBlank() && process.exitValue() != 0 ? "exit " + process.exitValue() : out;
  }
}
