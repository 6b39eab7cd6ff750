package io.dynapipe.dms;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Extras;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.Transaction;
import io.dynapipe.event.ValueKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events of every kind in the form that a decoder gives them: no absent columns, unchanged columns
 * last.
 */
final class RandomEvents {

  private static final String[] NUMBERS = {
    "0", "-0", "1", "-1.50", "1e400", "2.20000005", "92233720368547758079", "9".repeat(1000)
  };
  private static final String[] JSON = {
    "null", "true", "-1.50", "\"\\\"\\u0000\"", "[]", "{}", "{\"a\":[1,{\"b\":null}],\"\":\"\"}"
  };

  private static final String SPECIAL = "\"\\/\u2028\u007f,:{}[]~";

  private final Random random;

  RandomEvents(long seed) {
    random = new Random(seed);
  }

  ChangeEvent event() {
    return random.nextInt(3) == 0 ? tableChange() : rowChange();
  }

  RowChange rowChange() {
    RowOperation operation = any(RowOperation.values());
    Row before = operation == RowOperation.UPDATE && random.nextBoolean() ? row(false) : null;
    Extras extras = random.nextInt(4) == 0 ? extras(false) : Extras.NONE;
    boolean mayBeUnchanged = operation == RowOperation.UPDATE;
    return new RowChange(table(), operation, row(mayBeUnchanged), before, origin(), extras);
  }

  private TableChange tableChange() {
    TableName table = table();
    TableSchema schema = random.nextInt(4) == 0 ? null : schema(table);
    Map<String, String> renamed = new LinkedHashMap<>();
    while (random.nextInt(4) == 0) {
      renamed.put(text(), text());
    }
    TableName previous = random.nextInt(4) == 0 ? table() : null;
    Extras extras = random.nextInt(4) == 0 ? extras(true) : Extras.NONE;
    return new TableChange(
        table, any(TableOperation.values()), schema, previous, renamed, origin(), extras);
  }

  private TableSchema schema(TableName table) {
    List<Column> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (String name : names()) {
      columns.add(
          new Column(
              name,
              any(DataType.values()),
              maybe(random.nextInt()),
              random.nextBoolean(),
              maybe(text()),
              maybe(random.nextInt(1000)),
              maybe(random.nextInt(2000) - 1000)));
      if (random.nextInt(3) == 0) {
        key.add(name);
      }
    }
    return new TableSchema(table, columns, key);
  }

  private Row row(boolean mayBeUnchanged) {
    Set<String> names = names();
    int unchanged = mayBeUnchanged ? random.nextInt(names.size() + 1) : 0;
    RowBuilder row = new RowBuilder().begin(ColumnNames.of(List.copyOf(names)));
    for (int i = 0; i < names.size(); i++) {
      if (i >= names.size() - unchanged) {
        row.addUnchanged();
      } else {
        addValue(row);
      }
    }
    return row.build();
  }

  private void addValue(RowBuilder row) {
    switch (any(ValueKind.values())) {
      case NUMBER -> row.addNumber(any(NUMBERS));
      case BOOLEAN -> row.addBoolean(random.nextBoolean());
      case TEXT -> row.addText(text());
      case NULL, ABSENT, UNCHANGED -> row.addNull();
    }
  }

  private Origin origin() {
    Transaction transaction =
        random.nextBoolean()
            ? new Transaction(random.nextLong(), maybe(micros()), maybe(number()), maybe(number()))
            : null;
    StreamPosition position =
        new StreamPosition(
            new Lsn(random.nextLong()), random.nextInt(10_000), new Lsn(random.nextLong()));
    return new Origin(micros(), transaction, random.nextBoolean() ? number() : 0, maybe(position));
  }

  private Extras extras(boolean control) {
    return new Extras(members(), control ? members() : Map.of(), members());
  }

  private Map<String, String> members() {
    Map<String, String> members = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      members.put("x-" + text(), any(JSON));
    }
    return members;
  }

  private TableName table() {
    return new TableName(text(), "t" + text());
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = random.nextInt(10); i >= 0; i--) {
      names.add(text());
    }
    return names;
  }

  /** Any Unicode text; quotes, backslashes and control characters often. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(20) == 0 ? 5000 : 12); i > 0; i--) {
      switch (random.nextInt(5)) {
        case 0 -> text.append(SPECIAL.charAt(random.nextInt(SPECIAL.length())));
        case 1 -> text.append((char) random.nextInt(0x20));
        case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
        case 3 -> text.append((char) random.nextInt(0xD800));
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  private long micros() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextLong(-100_000_000_000_000_000L, 300_000_000_000_000_000L);
      case 2 -> random.nextInt(100) * 1_000_000L;
      default -> 1_722_214_655_691_762L + random.nextInt();
    };
  }

  private long number() {
    return random.nextBoolean() ? 1 + random.nextInt(1000) : random.nextLong();
  }

  private <T> @Nullable T maybe(T value) {
    return random.nextBoolean() ? value : null;
  }

  <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
