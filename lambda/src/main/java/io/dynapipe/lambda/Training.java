package io.dynapipe.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.stream.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * What is run while an image is built, so that the JVM sees which classes the function needs, and
 * archives them (AppCDS). Nothing is applied: no sink is there.
 */
public final class Training {

  private static final List<String> NEEDED =
      List.of("io/dynapipe/", "com/fasterxml/jackson/core/", "com/amazonaws/services/lambda/");
  private static final String MESSAGE =
      """
      {"data":{"id":1,"name":"a","price":1.25,"at":"2024-01-01T00:00:00.000000Z"},"metadata":{\
      "timestamp":"2024-07-29T00:57:35.691762Z","record-type":"data","operation":"insert",\
      "partition-key-type":"primary-key","schema-name":"public","table-name":"foo"}}\
      """;
  private static final String EVENT =
      """
      {"Records":[{"kinesis":{"partitionKey":"public.foo.1","sequenceNumber":"1","data":"%s",\
      "approximateArrivalTimestamp":1545084650.987},"eventSource":"aws:kinesis",\
      "eventID":"shardId-000000000000:1"}]}\
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
    // What the JDK and the driver need to reach a sink.
    for (String sink : List.of("crate://127.0.0.1:9", "postgresql://x@127.0.0.1:9/x")) {
      Map<String, String> environment =
          Map.of("DYNAPIPE_SINK", sink, "DYNAPIPE_RETRY_LIMIT", "1ms");
      new OpenSink(HandlerSettings.of(environment)).warmUp();
    }
    int events = 0;
    String data = Base64.getEncoder().encodeToString(MESSAGE.getBytes(UTF_8));
    byte[] event = EVENT.formatted(data).getBytes(UTF_8);
    for (StoredRecord stored : EventReader.read(new ByteArrayInputStream(event))) {
      ChangeEvent change = new DmsDecoder().decode(stored.data(), stored.shard());
      events += change.table().toString().isEmpty() ? 0 : 1;
    }
    System.out.println(loaded + " classes, " + events + " event");
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
