package io.dynapipe.mapping.transform;

import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.expression.Value;
import io.dynapipe.mapping.expression.Value.Special;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One value on its way through a column's steps. One thread at a time. */
final class Cell {

  private ValueKind kind = ValueKind.NULL;
  private String text = "";

  ValueKind kind() {
    return kind;
  }

  /** The value's text; empty unless the kind has one. */
  String text() {
    return text;
  }

  void set(ValueKind newKind, @Nullable String newText) {
    kind = newKind;
    text = newText == null ? "" : newText;
  }

  /** An expression's result. */
  void set(Value value) {
    if (value instanceof Special special) {
      set(
          switch (special) {
            case NULL -> ValueKind.NULL;
            case ABSENT -> ValueKind.ABSENT;
            case UNCHANGED -> ValueKind.UNCHANGED;
          },
          null);
    } else if (value instanceof Value.Truth truth) {
      set(ValueKind.BOOLEAN, truth.value() ? "true" : "false");
    } else if (value instanceof Value.Exact exact) {
      String source = exact.source();
      set(ValueKind.NUMBER, source == null ? exact.number().toPlainString() : source);
    } else if (value instanceof Value.Real real) {
      String source = real.source();
      set(
          Double.isFinite(real.number()) ? ValueKind.NUMBER : ValueKind.TEXT,
          source == null ? Double.toString(real.number()) : source);
    } else if (value instanceof Value.Blob blob) {
      String source = blob.source();
      set(ValueKind.TEXT, source == null ? "0x" + HexFormat.of().formatHex(blob.bytes()) : source);
    } else if (value instanceof Value.Text string) {
      set(ValueKind.TEXT, string.text());
    }
  }

  void addTo(RowBuilder row) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    row.add(kind, bytes, 0, bytes.length);
  }
}
