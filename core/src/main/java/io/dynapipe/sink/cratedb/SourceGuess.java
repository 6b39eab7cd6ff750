package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.TargetTable.KeyColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What can be told of a source's table when no event told its definition. */
final class SourceGuess {

  private SourceGuess() {}

  /** The definition as far as rows tell it: the key; other columns are added as values come. */
  static TableSchema of(TableName table, List<RowWrite> writes) {
    RowKey key = writes.get(0).key();
    List<Column> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (key != null) {
      Row values = key.values();
      for (int i = 0; i < values.size(); i++) {
        String name = values.columns().name(i);
        boolean integer =
            values.kind(i) == ValueKind.NUMBER
                && NumberEncoders.isIntegerIn(
                    values.bytes(), values.start(i), values.end(i), Long.MIN_VALUE, Long.MAX_VALUE);
        columns.add(Column.of(name, integer ? DataType.INT64 : DataType.STRING));
        names.add(name);
      }
    }
    return new TableSchema(table, columns, names);
  }

  /**
   * The definition as far as a keyed table tells it; null for others, which do not tell the key.
   */
  static @Nullable TableSchema of(TableName source, TargetTable target) {
    if (!target.isKeyed()) {
      return null;
    }
    Map<String, CrateType> types = new TreeMap<>(target.columns());
    List<String> key = new ArrayList<>();
    for (KeyColumn part : target.key()) {
      types.put(part.source(), part.type());
      key.add(part.source());
    }
    List<Column> columns = new ArrayList<>();
    types.forEach((name, type) -> columns.add(column(name, type, !key.contains(name))));
    return new TableSchema(source, columns, key);
  }

  private static Column column(String name, CrateType type, boolean nullable) {
    DataType source =
        switch (type.kind()) {
          case BOOLEAN -> DataType.BOOLEAN;
          case BYTE -> DataType.INT8;
          case SMALLINT -> DataType.INT16;
          case INTEGER -> DataType.INT32;
          case BIGINT -> DataType.INT64;
          case REAL -> DataType.FLOAT;
          case DOUBLE -> DataType.DOUBLE;
          case NUMERIC -> DataType.DECIMAL;
          case TIMESTAMP -> DataType.TIMESTAMP;
          default -> DataType.STRING;
        };
    boolean numeric = source == DataType.DECIMAL && type.scale() >= 0;
    return new Column(
        name,
        source,
        null,
        nullable,
        null,
        numeric ? type.precision() : null,
        numeric ? type.scale() : null);
  }
}
