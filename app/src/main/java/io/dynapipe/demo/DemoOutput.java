package io.dynapipe.demo;

import io.dynapipe.demo.Walkthrough.Step;
import io.dynapipe.event.TableName;
import java.io.PrintWriter;
import java.util.List;

/** What the demo tells: for a person, or one JSON object a step. */
public final class DemoOutput {

  private final PrintWriter out;
  private final boolean json;

  public DemoOutput(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void servers(String source, String target) {
    text("source   " + source);
    text("target   " + target);
  }

  void typed(Step step) {
    text("");
    step.statements().forEach(sql -> text("  " + sql));
  }

  void rows(String step, TableName table, List<String> rows) {
    if (json) {
      out.println(
          "{\"step\":\""
              + step
              + "\",\"table\":\""
              + table
              + "\",\"rows\":["
              + String.join(",", rows)
              + "]}");
      out.flush();
      return;
    }
    text("");
    text("target after " + step + ": " + table + ", " + rows.size() + " rows");
    rows.forEach(row -> text("  " + row));
  }

  private void text(String line) {
    if (!json) {
      out.println(line);
      out.flush();
    }
  }
}
