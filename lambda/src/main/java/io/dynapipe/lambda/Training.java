package io.dynapipe.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.processor.DefinitionWait;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * What is run while an image is built, so that the JVM sees which classes the function needs, and
 * archives them (AppCDS). Nothing is applied: where the sink would be, all requests are answered
 * alike, which is enough for a batch to be decoded, rendered and sent.
 */
public final class Training {

  private static final List<String> NEEDED =
      List.of(
          "io/dynapipe/",
          "com/fasterxml/jackson/core/",
          "com/amazonaws/services/lambda/",
          "org/postgresql/");
  private static final byte[] ANSWER =
      "{\"cols\":[],\"rows\":[],\"rowcount\":1,\"duration\":0.1}".getBytes(UTF_8);
  private static final String MESSAGE =
      """
      {"data":{"id":1,"name":"a","price":1.25,"at":"2024-01-01T00:00:00.000000Z"},"metadata":{\
      "timestamp":"2024-07-29T00:57:35.691762Z","record-type":"data","operation":"insert",\
      "partition-key-type":"primary-key","schema-name":"public","table-name":"foo"}}\
      """;
  private static final String TABLE =
      """
      {"control":{"table-def":{"columns":{"id":{"type":"INT32","nullable":false},"name":{"type":\
      "STRING","nullable":true},"price":{"type":"NUMERIC","precision":9,"scale":2,"nullable":true},\
      "at":{"type":"DATETIME","nullable":true}},"primary-key":["id"]}},"metadata":{"timestamp":\
      "2024-07-29T00:57:35.691762Z","record-type":"control","operation":"create-table",\
      "partition-key-type":"task-id","schema-name":"public","table-name":"foo"}}\
      """;
  private static final String RECORD =
      """
      {"kinesis":{"partitionKey":"public.foo.1","sequenceNumber":"%d","data":"%s",\
      "approximateArrivalTimestamp":1545084650.987},"eventSource":"aws:kinesis",\
      "eventID":"shardId-000000000000:1"}\
      """;

  private Training() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    int loaded = 0;
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
      for (String name : classes(jar)) {
        loaded += load(name) ? 1 : 0;
      }
    }
    // What the driver needs to connect.
    sink("postgresql://x@127.0.0.1:9/x").warmUp();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", Training::answer);
    server.start();
    int records = 0;
    try {
      records = apply(sink("crate://127.0.0.1:" + server.getAddress().getPort()));
    } catch (PipelineException e) {
      // The answers make no sense to some requests.
      System.out.println("trained up to: " + e.getMessage());
    } finally {
      server.stop(0);
    }
    System.out.println(loaded + " classes, " + records + " records");
  }

  private static OpenSink sink(String url) {
    return new OpenSink(
        HandlerSettings.of(Map.of("DYNAPIPE_SINK", url, "DYNAPIPE_RETRY_LIMIT", "1ms")));
  }

  private static int apply(OpenSink sink) throws IOException {
    DefinitionWait definitions = new DefinitionWait(Duration.ZERO, Clock.systemUTC());
    BatchProcessor processor =
        BatchProcessor.ofShard(new DmsDecoder(), sink.get(), Clock.systemUTC(), definitions);
    List<String> records = new ArrayList<>();
    for (String message : List.of(TABLE, MESSAGE)) {
      String data = Base64.getEncoder().encodeToString(message.getBytes(UTF_8));
      records.add(RECORD.formatted(records.size() + 1, data));
    }
    byte[] event = ("{\"Records\":[" + String.join(",", records) + "]}").getBytes(UTF_8);
    return processor.process(EventReader.read(new ByteArrayInputStream(event))).records();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    }
  }

  private static List<String> classes(String jar) throws IOException {
    List<String> names = new ArrayList<>();
    try (JarFile file = new JarFile(jar)) {
      file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && NEEDED.stream().anyMatch(name::startsWith))
          .forEach(name -> names.add(name.substring(0, name.length() - 6).replace('/', '.')));
    }
    return names;
  }

  /** Some are for libraries that are not there. */
  private static boolean load(String name) {
    try {
      Class.forName(name, false, Training.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
