package io.dynapipe.image;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jars of this installation, of which images are made. */
record ImageFiles(Path home) {

  private static final String HOME_PROPERTY = "dynapipe.home";

  /** The directory that this program runs from: {@code lib} lies in it. */
  static ImageFiles installed() {
    String given = System.getProperty(HOME_PROPERTY);
    if (given != null) {
      return new ImageFiles(Path.of(given));
    }
    try {
      Path code =
          Path.of(ImageFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      // A jar in lib, or app/target/classes of a build.
      return new ImageFiles(
          Files.isDirectory(code)
              ? code.resolveSibling("dynapipe")
              : code.resolve("..").resolve("..").normalize());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("this program is nowhere", e);
    }
  }

  /** Jars of the function itself. */
  List<Path> function() {
    return jars(home.resolve("lambda").resolve("lib"));
  }

  /** Jars of AWS's runtime interface client, for bases that do not bring it. */
  List<Path> runtimeClient() {
    return jars(home.resolve("lambda").resolve("runtime"));
  }

  /** Jars of the whole program. */
  List<Path> program() {
    return jars(home.resolve("lib"));
  }

  private static List<Path> jars(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (!jars.isEmpty()) {
        return jars;
      }
    } catch (IOException e) {
      throw missing(directory, e);
    }
    throw missing(directory, null);
  }

  private static PipelineException missing(
      Path directory, @org.jspecify.annotations.Nullable IOException e) {
    return PipelineException.environment(
        "the jars of " + directory + " are not there",
        "Build with 'mvn package', or start the program with ./dynapipe, which builds.",
        e);
  }
}
