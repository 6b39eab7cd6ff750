package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CrateClientTest {

  private static final ScriptedCrate.Step MISSING =
      new ScriptedCrate.Step(404, "{\"error\":{\"message\":\"RelationUnknown[x]\",\"code\":4041}}");

  private final ScriptedCrate crate = new ScriptedCrate();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

  @AfterEach
  void stop() {
    crate.close();
  }

  /** A client whose waits take no time but move its clock. */
  private CrateClient client(CrateSettings settings) {
    Clock clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now.get();
          }
        };
    return new CrateClient(settings, clock, wait -> now.updateAndGet(before -> before.plus(wait)));
  }

  private CrateClient client() {
    return client(CrateSettings.of(crate.uri()));
  }

  private static CrateSettings with(
      CrateSettings settings, String user, Secret password, Secret token) {
    CrateSettings.Server server = settings.server();
    return settings.withServer(
        new CrateSettings.Server(
            server.hosts(),
            user,
            password,
            token,
            server.tls(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5)));
  }

  private static URI closedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void sendsStatementAndArguments() {
    client().execute("SELECT ?", "a\"b", 1L, null, true, List.of("x", 2), Map.of("k", "v"));

    assertThat(crate.bodies())
        .containsExactly(
            "{\"stmt\":\"SELECT ?\",\"args\":[\"a\\\"b\",1,null,true,[\"x\",2],{\"k\":\"v\"}]}");
    assertThat(crate.authorizations()).containsExactly("null");
  }

  @Test
  void readsRowsWithEveryDigit() {
    crate.then(
        200,
        "{\"cols\":[\"a\",\"b\"],\"rows\":[[9007199254740993,\"x\"],[null,{\"k\":[true,1.5]}]],"
            + "\"rowcount\":2,\"duration\":1.5}");
    SqlAnswer answer = client().execute("SELECT a, b FROM t");

    assertThat(answer.rows().get(0))
        .containsExactly(new java.math.BigDecimal("9007199254740993"), "x");
    assertThat(answer.rows().get(1))
        .containsExactly(null, Map.of("k", List.of(true, new java.math.BigDecimal("1.5"))));
    assertThat(answer.rowCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {'error':{'message':'MasterNotDiscoveredException[no master]','code':5031}}",
        "429 | {'error':{'message':'x','code':4290}}",
        "500 | {'error':{'message':'NodeClosedException[node closed]','code':5000}}",
        "500 | {'error':{'message':'x','code':5002}}",
        "500 | {'error':{'message':'CircuitBreakingException[Data too large]','code':5000}}",
        "502 | <html>Bad Gateway</html>",
        "403 | {'error':{'message':'FORBIDDEN/12/index read-only / allow delete','code':4037}}",
      })
  void waitsPassingTroubleOut(int status, String body) {
    for (int i = 0; i < 7; i++) {
      crate.then(status, body.replace('\'', '"'));
    }
    client().execute("SELECT 1");

    assertThat(crate.bodies()).hasSize(8);
    assertThat(now.get()).isAfter(Instant.EPOCH.plusSeconds(1));
  }

  @Test
  void sendsAgainWhenTheConnectionBreaks() {
    crate.then(ScriptedCrate.CUT, ScriptedCrate.DONE, ScriptedCrate.CUT);
    CrateClient client = client();
    client.execute("SELECT 1");
    client.execute("SELECT 2");

    assertThat(crate.bodies())
        .containsExactly(
            "{\"stmt\":\"SELECT 1\"}",
            "{\"stmt\":\"SELECT 1\"}",
            "{\"stmt\":\"SELECT 2\"}",
            "{\"stmt\":\"SELECT 2\"}");
  }

  @Test
  void givesUpWhenTroubleLastsLongerThanTheLimit() {
    CrateClient client = client(CrateSettings.of(closedPort()));

    assertThatThrownBy(() -> client.execute("SELECT 1"))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.isRetryable()).isTrue();
              assertThat(e).hasMessageContaining("cannot connect to CrateDB at 127.0.0.1:");
            });
    assertThat(now.get()).isAfter(Instant.EPOCH.plus(Duration.ofMinutes(5)));
  }

  @Test
  void goesToTheNextHostAtOnceWhenOneCannotBeReached() {
    CrateClient client = client(CrateSettings.of(closedPort(), crate.uri(), closedPort()));
    client.execute("SELECT 1");
    client.execute("SELECT 2");

    assertThat(crate.bodies()).hasSize(2);
    assertThat(now.get()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void goesToAnotherHostWhenOneIsInTrouble() {
    try (ScriptedCrate other = new ScriptedCrate()) {
      crate.then(503, "");
      client(CrateSettings.of(crate.uri(), other.uri())).execute("SELECT 1");

      assertThat(crate.bodies()).hasSize(1);
      assertThat(other.bodies()).hasSize(1);
    }
  }

  @Test
  void sendsUserAndPassword() {
    client(with(CrateSettings.of(crate.uri()), "crate", Secret.of("pä:ss"), null))
        .execute("SELECT 1");

    assertThat(crate.authorizations()).containsExactly("Basic Y3JhdGU6cMOkOnNz");
  }

  @Test
  void sendsTheTokenInsteadOfThePassword() {
    client(with(CrateSettings.of(crate.uri()), "crate", Secret.of("p"), Secret.of("a.b.c")))
        .execute("SELECT 1");

    assertThat(crate.authorizations()).containsExactly("Bearer a.b.c");
  }

  @Test
  void saysThatTheCredentialsAreRefused() {
    crate.then(401, "");
    CrateClient client = client(with(CrateSettings.of(crate.uri()), "u", Secret.of("p"), null));

    assertThatThrownBy(() -> client.execute("SELECT 1"))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PipelineException.Kind.ENVIRONMENT);
              assertThat(e.cure()).contains("password");
            });
    assertThat(crate.bodies()).hasSize(1);
  }

  @Test
  void readsARotatedPasswordAgain(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("password"), "old\n");
    CrateClient client =
        client(with(CrateSettings.of(crate.uri()), "u", Secret.fromFile(file.toString()), null));
    client.execute("SELECT 1");
    Files.writeString(file, "new\n");
    crate.then(401, "");
    client.execute("SELECT 2");

    assertThat(crate.authorizations())
        .containsExactly("Basic dTpvbGQ=", "Basic dTpvbGQ=", "Basic dTpuZXc=");
  }

  @Test
  void triesAnUnhandledErrorThreeTimesBeforeItBelievesIt() {
    ScriptedCrate.Step failed =
        new ScriptedCrate.Step(
            500, "{\"error\":{\"message\":\"ClassCastException[x]\",\"code\":5000}}");
    crate.then(failed, failed, failed);

    assertThat(client().attempt("INSERT").error().message()).isEqualTo("ClassCastException[x]");
    assertThat(crate.bodies()).hasSize(3);
  }

  /** Its tables seem to be gone for the first seconds. */
  @Test
  void doesNotBelieveANodeThatIsStarting() {
    crate.startingFor(2).then(MISSING, MISSING, MISSING);

    assertThat(client().attempt("SELECT").error()).isNull();
    assertThat(crate.bodies()).hasSize(4);
  }

  @Test
  void waitsForANodeThatIsStarting() {
    crate.startingFor(3);
    client().awaitStarted();

    assertThat(now.get()).isAfter(Instant.EPOCH);
  }

  @Test
  void leavesErrorsAboutTablesAndRowsToTheCaller() {
    crate.then(MISSING, MISSING);
    assertThat(client().attempt("SELECT").error().isMissingTable()).isTrue();

    crate.then(400, "{\"error\":{\"message\":\"SQLParseException[no]\",\"code\":4000}}");
    assertThatThrownBy(() -> client().execute("SELECT x"))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PipelineException.Kind.PERMANENT);
              assertThat(e).hasMessageContaining("SELECT x").hasMessageContaining("4000");
            });
  }

  @Test
  void compressesBodiesWhenTold() {
    CrateSettings settings = CrateSettings.of(crate.uri());
    CrateSettings.Bulk bulk = settings.bulk();
    client(
            settings.withBulk(
                new CrateSettings.Bulk(bulk.maxInFlight(), bulk.maxRows(), bulk.maxBytes(), true)))
        .execute("SELECT 'a'");

    assertThat(crate.bodies()).containsExactly("{\"stmt\":\"SELECT 'a'\"}");
  }

  @Test
  void keepsConnectionsOpen() {
    CrateClient client = client();
    for (int i = 0; i < 50; i++) {
      client.execute("SELECT 1");
    }
    assertThat(crate.clientPorts()).hasSizeLessThan(3);
  }
}
