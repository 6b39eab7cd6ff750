package io.dynapipe.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs a program in a process of its own and measures the whole of it, start-up included. */
final class Child {

  private static final long LOOK_MILLIS = 10;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Linux's USER_HZ: a constant of its interface to programs, 100 on all machines of ours. */
  private static final double TICKS_PER_SECOND = 100;

  /** As the launcher's; a ceiling keeps both compilers, it has little to compile. */
  private static final List<String> JAVA_OPTIONS =
      List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Dfile.encoding=UTF-8");

  private Child() {}

  /** Our program, by the launcher, as its users start it. */
  static List<String> ours(String... arguments) {
    List<String> command = new ArrayList<>(List.of(System.getProperty("bench.dynapipe")));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** A loop of this package. */
  static List<String> loop(Class<?> main, String... arguments) {
    return loop(main.getName(), arguments);
  }

  private static List<String> loop(String main, String... arguments) {
    List<String> command = java("1g", main);
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Debezium's engine; null when the benchmarks were built without the profile {@code peers}. */
  static @Nullable List<String> debezium(String... arguments) {
    String main = Child.class.getPackageName() + ".DebeziumLoop";
    try {
      Object unused = Class.forName(main, false, Child.class.getClassLoader());
      return loop(main, arguments);
    } catch (ClassNotFoundException absent) {
      return null;
    }
  }

  private static List<String> java(String heap, String main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JAVA_OPTIONS);
    command.add("-Xmx" + heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    return command;
  }

  /** Starts a program that goes on until it is told to stop; its output is not kept. */
  static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /**
   * Runs a program to its end.
   *
   * @throws IllegalStateException when it fails, with its output
   */
  static Measured run(List<String> command) throws IOException, InterruptedException {
    File output = File.createTempFile("dynapipe-bench", ".out");
    try {
      long began = System.nanoTime();
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
      Usage usage = new Usage(process.pid());
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        usage.look();
        if (System.nanoTime() - began > LIMIT.toNanos()) {
          process.destroyForcibly();
          throw new IllegalStateException("took longer than " + LIMIT + ": " + command);
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      String text = Files.readString(output.toPath());
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + text);
      }
      return new Measured(
          seconds, reported(text), usage.ticks / TICKS_PER_SECOND, usage.peakKib / 1024.0);
    } finally {
      Files.deleteIfExists(output.toPath());
    }
  }

  /** What the program itself says that its work took; its whole time when it says nothing. */
  private static double reported(String output) {
    Matcher millis = Pattern.compile("\"millis\":(\\d+)").matcher(output);
    return millis.find() ? Long.parseLong(millis.group(1)) / 1e3 : Double.NaN;
  }

  /** What the kernel tells about a process, as of the last look. */
  static final class Usage {

    private final Path stat;
    private final Path status;
    private long ticks;
    private long peakKib;

    Usage(long pid) {
      stat = Path.of("/proc/" + pid + "/stat");
      status = Path.of("/proc/" + pid + "/status");
    }

    void look() {
      try {
        String fields = Files.readString(stat, StandardCharsets.ISO_8859_1);
        // The name before may hold blanks; utime and stime are fields 14 and 15.
        String[] rest = fields.substring(fields.lastIndexOf(')') + 2).split(" ");
        ticks = Long.parseLong(rest[11]) + Long.parseLong(rest[12]);
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
          if (line.startsWith("VmHWM:")) {
            peakKib = Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      } catch (IOException | RuntimeException ended) {
        // It ends between two looks, or there is no /proc: the last look holds.
      }
    }

    double cpuSeconds() {
      return ticks / TICKS_PER_SECOND;
    }

    double peakMib() {
      return peakKib / 1024.0;
    }
  }
}
