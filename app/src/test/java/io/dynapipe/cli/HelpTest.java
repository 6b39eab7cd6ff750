package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class HelpTest {

  @Test
  void theHelpOfEachCommandIsWrittenWithoutComplaint() {
    PrintStream before = System.err;
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    List<String> helps = new ArrayList<>();
    System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
    try {
      addHelps(Main.commandLine(), helps);
    } finally {
      System.setErr(before);
    }
    // picocli complains about a description whose percent sign is no format.
    assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(helps).hasSizeGreaterThan(15).allSatisfy(help -> assertThat(help).contains("Usage"));
    assertThat(String.join("\n", helps))
        .contains("schema.table; % stands for any text")
        .doesNotContain("%n")
        .doesNotContain("%%");
  }

  private static void addHelps(CommandLine command, List<String> helps) {
    helps.add(command.getUsageMessage());
    command.getSubcommands().values().forEach(below -> addHelps(below, helps));
  }
}
