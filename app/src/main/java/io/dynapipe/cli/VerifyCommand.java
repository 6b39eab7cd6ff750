package io.dynapipe.cli;

import io.dynapipe.json.JsonBuffer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.task.Sources;
import io.dynapipe.verify.Difference;
import io.dynapipe.verify.TableVerdict;
import io.dynapipe.verify.Verification;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves that a target holds the rows of a source. */
@Command(
    name = "verify",
    description = {
      "Compares source and target, row by row and value by value.",
      "",
      "A pipeline has to have caught up, and nobody may write meanwhile: else rows on their",
      "way are told as differences."
    },
    footer = {
      "",
      "Example:",
      "  dynapipe verify --source postgresql://postgres@localhost/shop \\",
      "      --sink crate://localhost:4200 --tables public.orders",
      "",
      "Exit codes: 0 equal; 1 different; 2 wrong input; 3 a side cannot be reached or read."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

  private static final int WIDTH = 100;

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions sourceOptions = new SourceOptions();
  @Mixin private SinkOptions sinkOptions = new SinkOptions();

  @Option(
      names = "--differences",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many differences of a table are listed (default: ${DEFAULT-VALUE}).")
  private int maxDifferences = 20;

  @Option(names = "--json", description = "Prints one JSON object a table.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    Verification verification =
        new Verification(
            Sources.open(sourceOptions.url(environment)),
            sinkOptions.url(environment),
            sourceOptions.mappings(),
            maxDifferences);
    boolean equal = true;
    for (SourceTable table : verification.tables()) {
      TableVerdict verdict = verification.compare(table);
      if (verdict != null) {
        print(verdict);
        equal &= verdict.isEqual();
      }
    }
    return equal ? Failures.DONE : Failures.FAILED;
  }

  private void print(TableVerdict verdict) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(line(verdict));
    } else if (verdict.isEqual()) {
      out.printf(Locale.ROOT, "%s: equal, %,d rows%n", verdict.table(), verdict.sourceRows());
    } else if (verdict.problem() != null) {
      out.printf("%s: DIFFERENT: %s%n", verdict.table(), verdict.problem());
    } else {
      out.printf(
          Locale.ROOT,
          "%s: DIFFERENT: %,d rows in the source, %,d in the target%n",
          verdict.table(),
          verdict.sourceRows(),
          verdict.targetRows());
      verdict.differences().forEach(difference -> print(out, difference));
      if (verdict.more()) {
        out.println("  and more");
      }
    }
    out.flush();
  }

  private static void print(PrintWriter out, Difference difference) {
    out.printf("  %s %s%n", word(difference.kind()), shortened(difference.key()));
    for (Difference.Column column : difference.columns()) {
      out.printf(
          "    %s: %s in the source, %s in the target%n",
          column.name(), shortened(column.source()), shortened(column.target()));
    }
  }

  private static String word(Difference.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String shortened(@Nullable String text) {
    if (text == null) {
      return "NULL";
    }
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "...";
  }

  private static JsonBuffer line(TableVerdict verdict) {
    JsonBuffer out = new JsonBuffer(512);
    out.raw("{\"table\":").string(verdict.table().toString());
    out.raw(",\"equal\":").raw(verdict.isEqual() ? "true" : "false");
    out.raw(",\"source_rows\":").number(verdict.sourceRows());
    out.raw(",\"target_rows\":").number(verdict.targetRows());
    if (verdict.problem() != null) {
      out.raw(",\"problem\":").string(verdict.problem());
    }
    out.raw(",\"more\":").raw(verdict.more() ? "true" : "false").raw(",\"differences\":[");
    String comma = "";
    for (Difference difference : verdict.differences()) {
      out.raw(comma).raw("{\"kind\":").string(word(difference.kind()));
      out.raw(",\"key\":").string(difference.key()).raw(",\"columns\":{");
      String between = "";
      for (Difference.Column column : difference.columns()) {
        out.raw(between).string(column.name()).raw(":{\"source\":");
        value(out, column.source()).raw(",\"target\":");
        value(out, column.target()).raw('}');
        between = ",";
      }
      out.raw("}}");
      comma = ",";
    }
    return out.raw("]}");
  }

  private static JsonBuffer value(JsonBuffer out, @Nullable String text) {
    return text == null ? out.raw("null") : out.string(text);
  }
}
