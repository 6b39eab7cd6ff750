package io.dynapipe.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for files that an image is made of, gone when the image is made. One thread. */
record Stage(Path directory) implements AutoCloseable {

  static Stage open() throws IOException {
    return new Stage(Files.createTempDirectory("dynapipe-image"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
