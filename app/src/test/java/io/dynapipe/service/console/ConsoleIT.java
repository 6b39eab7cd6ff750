package io.dynapipe.service.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.service.ApiClient;
import io.dynapipe.service.Service;
import io.dynapipe.service.ServiceSettings;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as a person uses it, in a real browser. */
final class ConsoleIT {

  private static final int TABLES = 4;
  private static final int ROWS = 15_000;
  private static final String MAPPINGS =
      "{\\'rules\\':[{\\'rule-type\\':\\'selection\\',\\'rule-id\\':\\'1\\',\\'rule-name\\':"
          + "\\'1\\',\\'rule-action\\':\\'include\\',\\'object-locator\\':{\\'schema-name\\':"
          + "\\'public\\',\\'table-name\\':\\'%\\'}}]}";

  @TempDir private static Path directory;
  private static EmbeddedServer server;
  private static Service service;
  private static ApiClient client;

  @BeforeAll
  static void open() {
    server = EmbeddedServer.start("source", "target");
    for (int i = 1; i <= TABLES; i++) {
      server.execute(
          "source",
          "CREATE TABLE shop_" + i + " (id int PRIMARY KEY, name text)",
          "INSERT INTO shop_"
              + i
              + " SELECT g, 'name ' || g FROM generate_series(1, "
              + ROWS
              + ") g");
    }
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("state"),
                SinkUrl.parse(server.url("target"), Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
    client = new ApiClient(service.port());
    define();
  }

  @AfterAll
  static void close() {
    service.close();
    server.close();
  }

  private static String url() {
    return "http://localhost:" + service.port() + "/";
  }

  private static JsonNode ok(String operation, String json) {
    ApiClient.Reply reply = client.dms(operation, json);
    assertThat(reply.status()).as("%s: %s", operation, reply.body()).isEqualTo(200);
    return reply.body();
  }

  private static void define() {
    String source =
        ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'shop','EndpointType':'source','EngineName':'postgres',"
                    + "'Username':'postgres','ServerName':'127.0.0.1','DatabaseName':'source',"
                    + "'Port':"
                    + server.port()
                    + "}")
            .at("/Endpoint/EndpointArn")
            .asText();
    String target =
        ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'crate','EndpointType':'target','EngineName':'kinesis',"
                    + "'KinesisSettings':{'StreamArn':"
                    + "'arn:aws:kinesis:us-east-1:000000000000:stream/shop',"
                    + "'ServiceAccessRoleArn':'arn:aws:iam::000000000000:role/any'}}")
            .at("/Endpoint/EndpointArn")
            .asText();
    ok(
        "CreateReplicationTask",
        "{'ReplicationTaskIdentifier':'shop','SourceEndpointArn':'"
            + source
            + "','TargetEndpointArn':'"
            + target
            + "','ReplicationInstanceArn':'arn:aws:dms:us-east-1:000000000000:rep:LOCAL',"
            + "'MigrationType':'full-load-and-cdc','ReplicationTaskSettings':"
            + "'{\\'FullLoadSettings\\':{\\'MaxFullLoadSubTasks\\':1}}','TableMappings':'"
            + MAPPINGS
            + "'}");
  }

  private static void shot(Browser browser, String name) throws IOException {
    if ("write".equals(System.getProperty("dynapipe.docs"))) {
      Files.write(Path.of("..", "docs", name), browser.screenshot());
    }
  }

  @Test
  void startsWatchesStopsAndRepairs() throws IOException, InterruptedException {
    assumeTrue(Browser.isInstalled(), "needs Debian's chromium");
    try (Browser browser = Browser.start(directory.resolve("profile"))) {
      browser.resize(1200, 1500);
      browser.open(url());
      browser.await("document.querySelectorAll('#endpoints .card').length === 2");
      browser.ask("document.querySelectorAll('#endpoints button').forEach((b) => b.click())");
      browser.await(
          "[...document.querySelectorAll('.tested')].every((t) => t.innerText === 'successful')");

      // By keyboard, as its button is a real one.
      browser.ask("document.querySelector('[data-action=\"start-replication\"]').focus()");
      browser.pressEnter();
      Set<Long> seen = new TreeSet<>();
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (!seen.contains((long) TABLES * ROWS)) {
        assertThat(System.nanoTime() - deadline).as("rows loaded: %s", seen).isNegative();
        seen.add(loaded(browser));
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(seen).as("progress moves").hasSizeGreaterThan(2);
      browser.await("document.querySelector('#tasks progress').value === 100");
      browser.await("document.querySelector('#log').innerText.includes('Change processing')");

      server.execute(
          "target",
          "ALTER TABLE public.shop_1 ADD CONSTRAINT sense CHECK (data->>'name' <> 'nonsense')");
      server.execute(
          "source",
          "UPDATE shop_2 SET name = 'changed' WHERE id <= 500",
          "INSERT INTO shop_1 VALUES (1000001, 'nonsense')");
      browser.await("document.querySelectorAll('#quarantine .card').length === 1");
      assertThat(browser.ask("document.querySelector('#quarantine').innerText").asText())
          .contains("shop_1", "1000001", "sense");
      assertThat(browser.ask("document.querySelector('#quarantine pre').textContent").asText())
          .contains("nonsense");
      browser.await("document.querySelectorAll('#chart-rates polyline').length === 2");
      shot(browser, "console.png");

      browser.ask("document.querySelector('#quarantine [data-action=retry]').click()");
      browser.await("document.querySelector('#notice').innerText.includes('stay in quarantine')");
      server.execute("target", "ALTER TABLE public.shop_1 DROP CONSTRAINT sense");
      browser.await("!document.querySelector('#quarantine [data-action=retry]').disabled");
      browser.ask("document.querySelector('#quarantine [data-action=retry]').click()");
      browser.await("document.querySelectorAll('#quarantine .card').length === 0");

      browser.resize(390, 844);
      assertThat(browser.ask("document.documentElement.scrollWidth").asInt())
          .isLessThanOrEqualTo(390);
      shot(browser, "console-phone.png");
      browser.ask("document.querySelector('[data-action=stop]').click()");
      browser.await("document.querySelector('#task-title').innerText.endsWith('stopped')");
      browser.await("!document.querySelector('[data-action=resume-processing]').disabled");
    }
  }

  private static long loaded(Browser browser) throws IOException {
    return browser
        .ask(
            "[...document.querySelectorAll('#tables tbody tr')].map((row) =>"
                + " Number(row.cells[2].innerText.split(' ')[0].replaceAll(',', '')))"
                + ".reduce((a, b) => a + b, 0)")
        .asLong();
  }

  @Test
  void refusesWhatOtherPagesSend() throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpResponse<String> page =
        http.send(HttpRequest.newBuilder(URI.create(url())).build(), BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.body()).doesNotContain("<script>", "style=", "onclick");
    HttpRequest forged =
        HttpRequest.newBuilder(URI.create(url() + "console/api/StopReplicationTask"))
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(http.send(forged, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    HttpRequest other =
        HttpRequest.newBuilder(URI.create(url())).header("Origin", "https://example.org").build();
    assertThat(http.send(other, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
  }
}
