package io.dynapipe.service.metrics;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Metrics in the text format. One thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
final class PrometheusText {

  private final Map<String, StringBuilder> families = new LinkedHashMap<>();
  private final Map<String, String> labels = new HashMap<>();

  /** Adds labels to all values from here on. */
  PrometheusText with(Map<String, String> more) {
    labels.clear();
    labels.putAll(more);
    return this;
  }

  void gauge(String name, String help, Number value, String... more) {
    add("gauge", name, help, value, more);
  }

  void counter(String name, String help, Number value, String... more) {
    add("counter", name, help, value, more);
  }

  private void add(String type, String name, String help, Number value, String... more) {
    StringBuilder family =
        families.computeIfAbsent(
            name,
            key ->
                new StringBuilder("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(help)
                    .append("\n# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(type)
                    .append('\n'));
    Map<String, String> all = new LinkedHashMap<>(labels);
    for (int i = 0; i + 1 < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    family.append(name);
    if (!all.isEmpty()) {
      StringBuilder shown = new StringBuilder("{");
      all.forEach(
          (label, text) ->
              shown
                  .append(shown.length() > 1 ? "," : "")
                  .append(label)
                  .append("=\"")
                  .append(escaped(text))
                  .append('"'));
      family.append(shown).append('}');
    }
    family.append(' ').append(text(value.doubleValue())).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  @Override
  public String toString() {
    return String.join("", families.values());
  }
}
