package io.dynapipe.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line in a process of its own, as a user starts it. */
public final class Program {

  /** How a run ended. */
  public record Result(int exitCode, String out, String err) {}

  private final Process process;
  private final Path out;
  private final Path err;

  private Program(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code dynapipe} with these arguments. */
  public static Program start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    // Short runs pay more for the second compiler than they get from it.
    command.add("-XX:TieredStopAtLevel=1");
    // Emulators take any, but the client wants some.
    command.add("-Daws.accessKeyId=test");
    command.add("-Daws.secretAccessKey=test");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("io.dynapipe.cli.Main");
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Program(process, out, err);
  }

  /** Starts it and waits for its end. */
  public static Result run(Path directory, String... arguments)
      throws IOException, InterruptedException {
    return start(directory, arguments).await();
  }

  public Result await() throws InterruptedException {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("still running after 120 s; stderr:\n" + text(err));
    }
    return new Result(process.exitValue(), text(out), text(err));
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and what follows. */
  public Result stop() throws InterruptedException {
    process.destroy();
    return await();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed so far. */
  public String output() {
    return text(out);
  }

  public String errors() {
    return text(err);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
