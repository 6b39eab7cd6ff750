package io.dynapipe.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.transform.BeforeImageColumns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden files: {@code mapping} with the rules up to {@code end}, {@code table} with the
 * source's definition, {@code >} an event, {@code <} what becomes of it ({@code nothing}, or {@code
 * same} for the very same object), {@code !} a line of the error. {@code plan} shows what is
 * compiled.
 */
final class MappingGoldenTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "names",
        "columns",
        "types",
        "keys",
        "expressions",
        "soft-deletes",
        "masks",
        "before-images",
        "object-mapping",
        "table-changes",
        "pass-through",
      })
  void mapsEventsAsWritten(String topic) throws IOException {
    String golden = read(topic);
    String actual = new Script().run(golden);
    String update = System.getProperty("golden.update");
    if (update != null) {
      Files.writeString(Path.of(update, topic + ".txt"), actual);
    }
    assertThat(actual).isEqualTo(golden);
  }

  private static String read(String topic) throws IOException {
    try (InputStream file =
        MappingGoldenTest.class.getResourceAsStream("/mapping/" + topic + ".txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** One golden file, with what really happens in place of what is expected. */
  private static final class Script {

    private final List<String> lines = new ArrayList<>();
    private TableMappings mappings;
    private EventMapper mapper;
    private TableSchema schema;
    private BeforeImageColumns beforeImages = BeforeImageColumns.CHANGED_KEY;

    String run(String golden) {
      StringBuilder json = null;
      for (String line : golden.split("\n", -1)) {
        if (line.startsWith("< ") || line.startsWith("! ")) {
          continue;
        }
        lines.add(line);
        if (line.equals("mapping")) {
          json = new StringBuilder();
        } else if (line.equals("end")) {
          String rules = json.toString();
          json = null;
          attempt(() -> begin(TableMappings.parse("{\"rules\": [" + rules + "]}")));
        } else if (json != null) {
          json.append(line).append('\n');
        } else {
          attempt(() -> command(line));
        }
      }
      return String.join("\n", lines);
    }

    private void begin(TableMappings parsed) {
      mappings = parsed;
      mapper = new EventMapper(mappings, beforeImages);
    }

    private void command(String line) {
      if (line.startsWith("table ")) {
        schema = EventScript.schema(line.substring("table ".length()));
      } else if (line.startsWith("before-images ")) {
        beforeImages =
            BeforeImageColumns.valueOf(
                line.substring("before-images ".length()).toUpperCase(Locale.ROOT));
        begin(mappings);
      } else if (line.equals("plan")) {
        plan();
      } else if (line.startsWith("> ")) {
        ChangeEvent event = EventScript.event(line.substring(2), schema);
        ChangeEvent mapped = mapper.map(event, schema);
        if (mapped == null) {
          lines.add("< nothing");
        } else {
          lines.add("< " + (mapped == event ? "same" : EventScript.text(mapped)));
        }
      }
    }

    private void plan() {
      var plan = mapper.plan(schema);
      lines.add("< wants " + plan.wantedColumns());
      if (plan.needsOldRows()) {
        lines.add("< needs old rows");
      }
      if (plan.partitioning() != null) {
        String parameter = plan.partitioning().parameter();
        lines.add(
            "< partition by "
                + plan.partitioning().type().wireName()
                + (parameter == null ? "" : " " + parameter));
      }
      plan.warnings().forEach(warning -> lines.add("< warns " + warning));
    }

    private void attempt(Runnable action) {
      try {
        action.run();
      } catch (PipelineException e) {
        for (String line : e.getMessage().split("\n")) {
          lines.add("! " + line);
        }
        if (e.kind() != PipelineException.Kind.INPUT) {
          lines.add("! " + e.kind().name().toLowerCase(Locale.ROOT) + ": " + e.cure());
        }
      }
    }
  }
}
