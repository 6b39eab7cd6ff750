package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cold starts grow with what has to be fetched and opened; this keeps the budget. */
final class AssemblySizeIT {

  private static final Path LIB = Path.of("target", "lambda", "lib");

  @Test
  void hasAtMostTwelveJars() throws IOException {
    assertThat(jars()).isNotEmpty().hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void hasAtMostSixMegabytes() throws IOException {
    long bytes = 0;
    for (Path jar : jars()) {
      bytes += Files.size(jar);
    }
    assertThat(bytes).isPositive().isLessThanOrEqualTo(6_000_000);
  }

  private static List<Path> jars() throws IOException {
    try (var files = Files.list(LIB)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }
}
