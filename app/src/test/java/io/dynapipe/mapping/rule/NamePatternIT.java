package io.dynapipe.mapping.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.mapping.SourceDatabase;
import io.dynapipe.mapping.filter.SqlText;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Wildcards mean what they mean to LIKE, and sets what they mean to SIMILAR TO. */
final class NamePatternIT {

  private static SourceDatabase database;

  @BeforeContainer
  static void start() throws Exception {
    database = new SourceDatabase();
  }

  @AfterContainer
  static void stop() throws Exception {
    database.close();
  }

  @Property(tries = 1000)
  void agreesWithLike(@ForAll("patterns") List<String> parts, @ForAll("names") String name)
      throws Exception {
    String like = String.join("", parts).replace("[_]", "\\_").replace("[%]", "\\%");
    List<String> answer =
        database.query("SELECT " + SqlText.literal(name) + " LIKE " + SqlText.literal(like));

    NamePattern pattern = NamePattern.parse(String.join("", parts));
    assertThat(pattern.matches(name)).isEqualTo(answer.get(0).equals("t"));
  }

  @Property(tries = 300)
  void agreesWithSimilarTo(@ForAll("sets") List<String> parts, @ForAll("names") String name)
      throws Exception {
    String pattern = String.join("", parts);
    List<String> answer =
        database.query(
            "SELECT " + SqlText.literal(name) + " SIMILAR TO " + SqlText.literal(pattern));

    assertThat(NamePattern.parse(pattern).matches(name)).isEqualTo(answer.get(0).equals("t"));
  }

  @Provide
  Arbitrary<List<String>> patterns() {
    return Arbitraries.of("%", "_", "[_]", "[%]", "a", "b", "A", ".", "é", "😀")
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<String>> sets() {
    return Arbitraries.of("%", "_", "[ab]", "[a-c]", "[b-cA]", "a", "b").list().ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("a", "b", "c", "A", "_", "%", ".", "é", "😀")
        .list()
        .ofMaxSize(6)
        .map(letters -> String.join("", letters));
  }
}
