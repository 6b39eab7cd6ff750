package io.dynapipe.source.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A line of {@code postgis/geometries.txt}, which PostGIS has made by {@code geometries.sql}.
 *
 * @param ewkb in hexadecimal digits
 */
public record PostgisGolden(String ewkb, String ewkt) {

  /** All lines in their order. */
  public static List<PostgisGolden> all() throws Exception {
    Path file =
        Path.of(
            Objects.requireNonNull(PostgisGolden.class.getResource("/postgis/geometries.txt"))
                .toURI());
    return Files.readAllLines(file).stream().map(PostgisGolden::of).toList();
  }

  private static PostgisGolden of(String line) {
    int blank = line.indexOf(' ');
    return new PostgisGolden(line.substring(0, blank), line.substring(blank + 1));
  }
}
