package io.dynapipe.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java that runs the tests, and others where Linux distributions put them. */
final class Javas {

  private static final Path PLACE = Path.of("/usr/lib/jvm");
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?(\\d+)");

  private Javas() {}

  /** The newest one's command. */
  static String newest() throws IOException {
    List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    if (Files.isDirectory(PLACE)) {
      try (Stream<Path> found = Files.list(PLACE)) {
        found.filter(home -> Files.isExecutable(home.resolve("bin/java"))).forEach(homes::add);
      }
    }
    return homes.stream()
        .map(home -> home.resolve("bin/java").toString())
        .max(Comparator.comparingInt(Javas::version))
        .orElseThrow();
  }

  /** 0 where nothing tells. */
  static int version(String java) {
    try {
      Path release = Path.of(java).resolveSibling("../release").normalize();
      Matcher version = VERSION.matcher(Files.readString(release));
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
