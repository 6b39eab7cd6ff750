package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.RowWrite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentLayoutTest {

  private static final ColumnNames NAMES = ColumnNames.of("id", "name", "doc", "price", "at");
  private final TableName table = RealCrate.newTable("doc");
  private final TableSchema schema =
      new TableSchema(
          table,
          List.of(
              new Column("id", DataType.INT64, null, false, "int8", null, null),
              new Column("name", DataType.STRING, null, true, "text", null, null),
              new Column("doc", DataType.STRING, null, true, "jsonb", null, null),
              new Column("price", DataType.DECIMAL, null, true, "numeric(10,2)", 10, 2),
              new Column("at", DataType.TIMESTAMP, null, true, "timestamptz", null, null)),
          List.of("id"));

  private static Row row(long id, String name, String doc, String price, String at) {
    RowBuilder b = new RowBuilder().begin(NAMES).addNumber(id);
    for (String s : new String[] {name, doc}) {
      if (s == null) {
        b.addUnchanged();
      } else {
        b.addText(s);
      }
    }
    b.addNumber(price);
    return b.addText(at).build();
  }

  private static RowKey key(long id) {
    ColumnNames k = ColumnNames.of("id");
    return RowKey.of(new RowBuilder().begin(k).addNumber(id).build(), k);
  }

  @Test
  void keepsRowsThroughInsertsUpdatesMergesMovesAndDeletes() {
    try (CrateSink sink = CrateSink.open(RealCrate.settings())) {
      sink.apply(TableChange.create(schema, Origin.at(0)));
      sink.apply(TableChange.create(schema, Origin.at(0)));
      assertThat(sink.schema(table)).isEqualTo(schema);
      Row one = row(1, "John", "{\"foo\": \"bar\"}", "1.10", "2024-01-01T00:00:00.123456Z");
      Row two = row(2, "Jane", "{\"n\": 123456789012345678901234567890}", "2.5", "2024-01-01");
      assertThat(sink.write(table, List.of(RowWrite.put(key(1), one), RowWrite.put(key(2), two))))
          .isEmpty();
      assertThat(
              RealCrate.query(
                  "SELECT data, aux FROM " + SqlText.table(table) + " WHERE pk['id'] = 1"))
          .isEqualTo(
              List.of(
                  List.of(
                      Map.of(
                          "id", new java.math.BigDecimal(1),
                          "name", "John",
                          "doc", Map.of("foo", "bar"),
                          "price", new java.math.BigDecimal("1.1"),
                          "at", new java.math.BigDecimal("1704067200123")),
                      Map.of("at", "2024-01-01T00:00:00.123456Z"))));
      Row moved = row(3, null, null, "3", "2024-01-02");
      assertThat(sink.write(table, List.of(RowWrite.move(key(1), key(3), moved)))).isEmpty();
      assertThat(sink.write(table, List.of(RowWrite.move(key(1), key(3), moved)))).isEmpty();
      assertThat(
              sink.write(
                  table, List.of(RowWrite.merge(key(2), row(2, null, null, "9", "2024-01-02")))))
          .isEmpty();
      RealCrate.query("REFRESH TABLE " + SqlText.table(table));
      System.out.println(RealCrate.query("SELECT pk, data, aux FROM " + SqlText.table(table)));
      assertThat(sink.write(table, List.of(RowWrite.delete(key(3), moved)))).isEmpty();
      assertThat(sink.write(table, List.of(RowWrite.delete(key(3), moved)))).isEmpty();
      RealCrate.query("REFRESH TABLE " + SqlText.table(table));
      System.out.println(RealCrate.query("SELECT pk, data, aux FROM " + SqlText.table(table)));
      sink.apply(TableChange.drop(table, Origin.at(0)));
    }
  }

  @Test
  void walkthrough() {
    String sql = SqlText.table(table);
    RealCrate.query("CREATE TABLE " + sql + " (data OBJECT(DYNAMIC))");
    try (CrateSink sink = CrateSink.open(RealCrate.settings())) {
      sink.apply(TableChange.drop(table, Origin.at(0)));
      sink.apply(TableChange.create(schema, Origin.at(0)));
      Row one = row(1, "John", "{\"foo\": \"bar\"}", "1.10", "2024-01-01T00:00:00.123456Z");
      Row two = row(2, "Jane", "{\"n\": 123456789012345678901234567890}", "2.5", "2024-01-01");
      System.out.println(
          sink.write(table, List.of(RowWrite.put(key(1), one), RowWrite.put(key(2), two))));
      two = row(2, "Jane", "{\"n\": 1}", "2.5", "2024-01-01");
      assertThat(sink.write(table, List.of(RowWrite.put(key(1), one), RowWrite.put(key(2), two))))
          .isEmpty();
      Row moved = row(3, null, null, "3", "2024-01-02");
      assertThat(sink.write(table, List.of(RowWrite.move(key(1), key(3), moved)))).isEmpty();
      assertThat(sink.write(table, List.of(RowWrite.move(key(1), key(3), moved)))).isEmpty();
      RealCrate.query("REFRESH TABLE " + sql);
      System.out.println(RealCrate.query("SELECT data FROM " + sql));
      assertThat(sink.write(table, List.of(RowWrite.delete(key(3), moved)))).isEmpty();
      RealCrate.query("REFRESH TABLE " + sql);
      System.out.println(RealCrate.query("SELECT data FROM " + sql));
      RealCrate.query("DROP TABLE " + sql);
    }
  }
}
