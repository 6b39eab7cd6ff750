package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

  @TempDir Path directory;

  @Test
  void itsTextFormHidesIt() {
    assertThat(Secret.of("x").toString()).isEqualTo("***");
    assertThat(Secret.fromFile("x").toString()).isEqualTo("***");
    assertThat(Secret.fromCommand("x").toString()).isEqualTo("***");
    assertThat(String.valueOf(Secret.of("x"))).isEqualTo("***");
  }

  @Test
  void secretsAreEqualWhenTheyComeFromTheSamePlace() {
    assertThat(Secret.of("x")).isEqualTo(Secret.of("x")).hasSameHashCodeAs(Secret.of("x"));
    assertThat(Secret.of("x")).isNotEqualTo(Secret.of("y")).isNotEqualTo(Secret.fromFile("x"));
  }

  @Test
  void aFileIsReadEachTimeItsFirstLineOnly() throws IOException {
    Path file = directory.resolve("password");
    Secret secret = Secret.fromFile(file.toString());

    Files.writeString(file, "first\nmore\n");
    assertThat(secret.reveal()).isEqualTo("first");
    Files.writeString(file, "rotated");
    assertThat(secret.reveal()).isEqualTo("rotated");
  }

  @Test
  void aFileWithoutPasswordIsSaid() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));

    assertThatThrownBy(() -> Secret.fromFile(empty.toString()).reveal())
        .hasMessage("password_file '" + empty + "' has no first line");
    assertThatThrownBy(() -> Secret.fromFile("/no/such").reveal())
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("password_file '/no/such' cannot be read");
  }

  @Test
  void aCommandIsRunByTheShell() {
    assertThat(Secret.fromCommand("echo one; echo two").reveal()).isEqualTo("one");
  }

  @Test
  void aCommandThatFailsIsSaidWithoutItsText() {
    assertThatThrownBy(() -> Secret.fromCommand("exit 3 # secret").reveal())
        .hasMessage("password_command ended with exit code 3")
        .hasNoCause();
    assertThatThrownBy(() -> Secret.fromCommand("true # secret").reveal())
        .hasMessage("password_command printed nothing");
  }
}
