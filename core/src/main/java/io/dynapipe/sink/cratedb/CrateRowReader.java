package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.TargetRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings CrateDB's columns back to the source's, in any layout. Immutable. */
final class CrateRowReader {

  private static final String AUX = "aux";
  private static final String PK = "pk";
  private static final String DATA = "data";

  /** Members of data that are ours. */
  private static final String OURS = "_dynapipe_";

  private final TableSchema schema;
  private final RawTable table;
  private final List<String> names;
  private final boolean objectData;
  private final boolean objectPk;
  private final Map<String, String> sources = new HashMap<>();

  CrateRowReader(TableSchema schema, RawTable table) {
    this.schema = schema;
    this.table = table;
    this.names =
        table.columns().keySet().stream()
            .filter(name -> !table.generated().containsKey(name))
            .toList();
    this.objectData = isObject(table.columns().get(DATA)) && schema.column(DATA) == null;
    this.objectPk = isObject(table.columns().get(PK)) && schema.column(PK) == null;
    schema.columns().forEach(column -> sources.put(column.name(), column.name()));
    schema.primaryKey().forEach(key -> sources.put(CrateNames.keyColumn(schema, key), key));
  }

  private static boolean isObject(@Nullable CrateType type) {
    return type != null && type.kind() == CrateType.Kind.OBJECT;
  }

  /** What to select. */
  List<String> columns() {
    return names.stream().map(SqlText::identifier).toList();
  }

  /** The row; values in the order of {@link #columns}, others may follow. */
  TargetRow read(List<@Nullable Object> row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Object value = row.get(i);
      CrateType type = table.columns().get(name);
      if (name.equals(AUX) && isObject(type)) {
        addTexts(value, texts);
      } else if (objectPk && name.equals(PK)) {
        readKey(type, value, values, texts);
      } else if (objectData && name.equals(DATA)) {
        readData(type, value, values, texts);
      } else if (!objectData) {
        add(sources.getOrDefault(name, name), type, value, values, texts);
      }
    }
    return new TargetRow(values, texts);
  }

  private static void addTexts(@Nullable Object aux, Map<String, String> texts) {
    if (aux instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> {
            if (value != null) {
              texts.put(String.valueOf(name), value.toString());
            }
          });
    }
  }

  private void readKey(
      @Nullable CrateType type,
      @Nullable Object value,
      Map<String, @Nullable Object> values,
      Map<String, String> texts) {
    if (value instanceof Map<?, ?> members) {
      for (String key : schema.primaryKey()) {
        String member = CrateNames.keyMember(key);
        add(key, member(type, member), members.get(member), values, texts);
      }
    }
  }

  private void readData(
      @Nullable CrateType type,
      @Nullable Object value,
      Map<String, @Nullable Object> values,
      Map<String, String> texts) {
    if (value instanceof Map<?, ?> members) {
      for (Map.Entry<?, ?> entry : members.entrySet()) {
        String name = String.valueOf(entry.getKey());
        if (name.equals(TargetTable.AUX_MEMBER)) {
          addTexts(entry.getValue(), texts);
        } else if (!name.startsWith(OURS) || schema.column(name) != null) {
          add(name, member(type, name), entry.getValue(), values, texts);
        }
      }
    }
  }

  private static @Nullable CrateType member(@Nullable CrateType type, String name) {
    return type == null ? null : type.members().get(name);
  }

  private void add(
      String name,
      @Nullable CrateType type,
      @Nullable Object value,
      Map<String, @Nullable Object> values,
      Map<String, String> texts) {
    if (value == null) {
      return;
    }
    Column column = schema.column(name);
    CrateType.Kind kind = type == null ? CrateType.Kind.OTHER : type.kind();
    if (kind == CrateType.Kind.TIMESTAMP && value instanceof BigDecimal millis) {
      values.put(name, moment(millis.longValueExact(), column));
    } else if (kind == CrateType.Kind.TEXT && column != null && column.isJson()) {
      texts.put(name, value.toString());
    } else {
      values.put(name, value);
    }
  }

  private static String moment(long millis, @Nullable Column column) {
    Instant instant = Instant.ofEpochMilli(millis);
    boolean date = column != null && column.type() == DataType.DATE;
    return date ? instant.atOffset(ZoneOffset.UTC).toLocalDate().toString() : instant.toString();
  }
}
