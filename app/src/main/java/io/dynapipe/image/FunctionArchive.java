package io.dynapipe.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynapipe.error.PipelineException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The function's jars, laid out as in an image, and an archive of their classes (AppCDS) with which
 * the JVM starts faster. The JVM takes the archive only when it is of the very build that made it,
 * and when the jars have the same names, sizes and times in the same order; the directory above
 * them may be another since JDK 19. Otherwise it warns and starts without.
 *
 * @param root the directory that stands for the image's
 * @param jars paths below it, in the order of the class path
 */
public record FunctionArchive(Path root, List<Path> jars) {

  static final String FUNCTION = "var/task/lib";
  static final String RUNTIME = "opt/dynapipe/runtime";
  static final String ARCHIVE = "opt/dynapipe/function.jsa";

  /** The time of all files in images that Jib makes. */
  private static final FileTime TIME = FileTime.from(Instant.ofEpochSecond(1));

  private static final String TRAINING = "io.dynapipe.lambda.Training";
  private static final int FIRST_MOVABLE = 19;
  private static final Pattern VERSION =
      Pattern.compile("java\\.specification\\.version = (?:1\\.)?(\\d+)");
  private static final Pattern BUILD = Pattern.compile("java\\.vm\\.version = (\\S+)");

  /**
   * Lays out the jars and has Java archive their classes.
   *
   * @param java the command that starts it
   * @throws PipelineException (environment) when Java cannot
   */
  public static FunctionArchive make(
      String java, List<Path> function, List<Path> runtimeClient, Path root) throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.addAll(copy(function, root, FUNCTION));
    jars.addAll(copy(runtimeClient, root, RUNTIME));
    FunctionArchive archive = new FunctionArchive(root, List.copyOf(jars));
    String output =
        run(
            List.of(
                java,
                "-XX:ArchiveClassesAtExit=" + archive.file(),
                "-XX:+UseSerialGC",
                "-cp",
                archive.classPath(root.toString()),
                TRAINING));
    if (!Files.exists(archive.file())) {
      throw failed(java, output);
    }
    return archive;
  }

  private static List<Path> copy(List<Path> from, Path root, String to) throws IOException {
    Path directory = Files.createDirectories(root.resolve(to));
    List<Path> copies = new ArrayList<>();
    for (Path jar : from) {
      Path copy = directory.resolve(jar.getFileName().toString());
      Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(copy, TIME);
      copies.add(root.relativize(copy));
    }
    return copies;
  }

  /**
   * The JVM's build that an image's archive is made with.
   *
   * @throws PipelineException (input) when its archives cannot be moved into an image
   */
  static String movableBuild(String java) throws IOException {
    String settings = run(List.of(java, "-XshowSettings:properties", "-version"));
    Matcher version = VERSION.matcher(settings);
    Matcher build = BUILD.matcher(settings);
    if (!version.find() || !build.find()) {
      throw failed(java, settings);
    }
    if (Integer.parseInt(version.group(1)) < FIRST_MOVABLE) {
      throw PipelineException.input(
          "Java " + version.group(1) + " makes no archives that can be moved into an image",
          "Give --archive-java a Java of version 19 or newer, of the same build as the base's.");
    }
    return build.group(1);
  }

  private static String run(List<String> command) throws IOException {
    Process process = start(command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while classes were archived", e);
    }
    return output;
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw failed(command.get(0), e.toString());
    }
  }

  private static PipelineException failed(String java, String output) {
    return PipelineException.environment(
        java + " makes no archive of the function's classes: " + output.strip(),
        "Give --archive-java the java command of a JDK, or leave it out.",
        null);
  }

  /** The archive. */
  public Path file() {
    return root.resolve(ARCHIVE);
  }

  /** The class path, seen from a place where the root has another name. */
  public String classPath(String rootThere) {
    String prefix = rootThere.endsWith("/") ? rootThere : rootThere + "/";
    return String.join(
        File.pathSeparator, jars.stream().map(jar -> prefix + jar).toArray(String[]::new));
  }
}
