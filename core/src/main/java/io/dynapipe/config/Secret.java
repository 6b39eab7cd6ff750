package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A password, or where to get it; its text form is always {@code ***}. Immutable.
 *
 * <p>Files are read and commands are run at each {@link #reveal}, so that a rotated password or a
 * short-lived token is current at each new connection.
 */
public final class Secret {

  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

  private enum Origin {
    TEXT,
    FILE,
    COMMAND
  }

  private final Origin origin;
  private final String value;

  private Secret(Origin origin, String value) {
    this.origin = origin;
    this.value = value;
  }

  public static Secret of(String text) {
    return new Secret(Origin.TEXT, text);
  }

  /** The first line of a file. */
  public static Secret fromFile(String path) {
    return new Secret(Origin.FILE, path);
  }

  /**
   * The first line that a shell command prints. Only for text that comes from the person who runs
   * this process, never for what arrives over a network.
   */
  public static Secret fromCommand(String command) {
    return new Secret(Origin.COMMAND, command);
  }

  /**
   * The secret itself.
   *
   * @throws PipelineException (environment) when its file or its command gives none
   */
  public String reveal() {
    return switch (origin) {
      case TEXT -> value;
      case FILE -> readFile();
      case COMMAND -> runCommand();
    };
  }

  private String readFile() {
    try {
      return firstLine(
          Files.readString(Path.of(value)), "password_file '" + value + "' has no first line");
    } catch (IOException e) {
      throw PipelineException.environment(
          "password_file '" + value + "' cannot be read: " + e,
          "Make the file readable for this user; its first line is the password.",
          e);
    }
  }

  private String runCommand() {
    try {
      // What the command says on stderr is for the person at the terminal.
      Process process =
          new ProcessBuilder("sh", "-c", value)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readOutput(process));
      if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw commandFailed("did not end within " + Durations.format(COMMAND_LIMIT), null);
      }
      if (process.exitValue() != 0) {
        throw commandFailed("ended with exit code " + process.exitValue(), null);
      }
      return firstLine(output.join(), "password_command printed nothing");
    } catch (IOException e) {
      throw commandFailed("could not be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while password_command ran", e);
    }
  }

  private static String readOutput(Process process) {
    try (var stdout = process.getInputStream()) {
      return new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw commandFailed("could not be read from", e);
    }
  }

  /** The command's own text is left out: people write secrets into commands. */
  private static PipelineException commandFailed(String what, @Nullable Throwable cause) {
    return PipelineException.environment(
        "password_command " + what,
        "Run the command by hand with 'sh -c'; the first line it prints must be the password.",
        cause);
  }

  private static String firstLine(String text, String problem) {
    return text.lines()
        .findFirst()
        .filter(line -> !line.isEmpty())
        .orElseThrow(() -> PipelineException.environment(problem, "Put the password there.", null));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && origin == secret.origin && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(origin, value);
  }

  @Override
  public String toString() {
    return "***";
  }
}
