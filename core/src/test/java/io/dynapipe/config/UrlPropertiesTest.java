package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class UrlPropertiesTest {

  /** Letters that occur in no message, so that a piece of a password is recognised in one. */
  private static final char[] SECRET_LETTERS = "ЖЩЮЯЪЭ".toCharArray();

  @Property
  void whatIsEncodedReadsBackTheSame(@ForAll("urls") PostgresUrl url) {
    String password = url.jdbcProperties().getProperty("password");
    String text =
        "postgres://"
            + PercentCoding.encode(url.user())
            + (password == null ? "" : ":" + PercentCoding.encode(password))
            + "@"
            + url.hosts().stream().map(HostPort::toString).collect(Collectors.joining(","))
            + "/"
            + PercentCoding.encode(url.database())
            + url.properties().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + PercentCoding.encode(entry.getValue()))
                .collect(Collectors.joining("&", "?", ""));

    assertThat(SourceUrl.parse(text, Map.of())).isEqualTo(url);
  }

  @Property
  void theTextOfAUrlHasNoPieceOfItsPassword(@ForAll("urls") PostgresUrl url) {
    assertNoSecret(url.toString());
    assertNoSecret(url.jdbcUrl());
  }

  /** Whatever is mistyped, and wherever: no message has a piece of the password. */
  @Property
  void noMessageHasAPieceOfThePassword(
      @ForAll("secrets") String password,
      @ForAll("typos") String typo,
      @ForAll @IntRange(max = 80) int place,
      @ForAll("templates") String template) {
    String good = template.replace("PASSWORD", password);
    int at = Math.min(place, good.length());
    String mistyped = good.substring(0, at) + typo + good.substring(at);
    try {
      assertNoSecret(SinkUrl.parse(mistyped, Map.of()).toString());
    } catch (PipelineException refusal) {
      assertNoSecret(refusal.getMessage());
      assertNoSecret(refusal.cure());
    }
  }

  private static void assertNoSecret(String text) {
    assertThat(text).doesNotContain("%D0", "%d0");
    for (char letter : SECRET_LETTERS) {
      assertThat(text).doesNotContain(String.valueOf(letter));
    }
  }

  @Provide
  Arbitrary<PostgresUrl> urls() {
    Arbitrary<String> names =
        Arbitraries.strings().ascii().excludeChars('\0').ofMinLength(1).ofMaxLength(12);
    Arbitrary<String> databases = names.filter(name -> name.indexOf('/') < 0);
    Arbitrary<List<HostPort>> hosts =
        Combinators.combine(
                Arbitraries.of("h", "db-1.example.org", "my_host", "10.0.0.1", "::1", "fe80::1:2"),
                Arbitraries.integers().between(1, 65535))
            .as(HostPort::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3);
    Arbitrary<Map<String, String>> properties =
        Arbitraries.maps(Arbitraries.of("ssl", "binaryTransfer", "options"), names).ofMaxSize(3);
    Arbitrary<Secret> passwords = secrets().map(Secret::of).injectNull(0.2);
    return Combinators.combine(hosts, databases, names, passwords, properties).as(PostgresUrl::new);
  }

  @Provide
  Arbitrary<String> secrets() {
    return Arbitraries.strings().withChars(SECRET_LETTERS).ofMinLength(3).ofMaxLength(10);
  }

  @Provide
  Arbitrary<String> typos() {
    return Arbitraries.of("/", "?", "#", ":", "@", "%", "[", "]", ",", " ", "&", "=", "//", "\0");
  }

  @Provide
  Arbitrary<String> templates() {
    return Arbitraries.of(
        "postgresql://user:PASSWORD@host:5432/db?sslmode=require",
        "postgresql://host/db?user=u&password=PASSWORD",
        "postgresql://user:PASSWORD",
        "crate://user:PASSWORD@h1:4200,h2:4200/schema?ssl=true",
        "https://user:PASSWORD@[::1]:4200",
        "mysql://user:PASSWORD@host",
        "user:PASSWORD@host");
  }
}
