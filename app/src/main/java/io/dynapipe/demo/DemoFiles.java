package io.dynapipe.demo;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What the demo leaves on disk until it ends. */
final class DemoFiles {

  private DemoFiles() {}

  static void delete(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw PipelineException.environment(
          "the demo's files in " + root + " cannot be deleted: " + e, "Delete them by hand.", e);
    }
  }
}
