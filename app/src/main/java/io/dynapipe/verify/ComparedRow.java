package io.dynapipe.verify;

import io.dynapipe.event.Row;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.TargetRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A row as canonical texts by column; columns without value or with SQL NULL are left out.
 *
 * @param key the primary key as a person reads it; the whole row where there is none
 */
record ComparedRow(String key, Map<String, String> values) {

  /** A row as events tell it. */
  static ComparedRow of(TableSchema schema, Row row) {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < row.size(); i++) {
      String text = row.text(i);
      if (text != null) {
        String name = row.columns().name(i);
        values.put(name, CanonicalValue.ofText(schema.column(name), text));
      }
    }
    return of(schema, values);
  }

  /** A row as the target holds it. */
  static ComparedRow of(TableSchema schema, TargetRow row) {
    Map<String, String> values = new TreeMap<>();
    row.values()
        .forEach(
            (name, value) -> {
              if (value != null) {
                values.put(name, CanonicalValue.ofValue(schema.column(name), value));
              }
            });
    row.texts()
        .forEach(
            (name, text) -> values.put(name, CanonicalValue.ofText(schema.column(name), text)));
    return of(schema, values);
  }

  private static ComparedRow of(TableSchema schema, Map<String, String> values) {
    if (!schema.hasPrimaryKey()) {
      return new ComparedRow(values.toString(), values);
    }
    Map<String, String> key = new LinkedHashMap<>();
    schema.primaryKey().forEach(name -> key.put(name, String.valueOf(values.get(name))));
    String text = key.toString();
    return new ComparedRow(text.substring(1, text.length() - 1), values);
  }

  /** The columns in which another row of the same key differs. */
  List<Difference.Column> differences(ComparedRow target) {
    Set<String> names = new TreeSet<>(values.keySet());
    names.addAll(target.values.keySet());
    List<Difference.Column> columns = new ArrayList<>();
    for (String name : names) {
      String here = values.get(name);
      String there = target.values.get(name);
      if (here == null || !here.equals(there)) {
        columns.add(new Difference.Column(name, here, there));
      }
    }
    return columns;
  }
}
