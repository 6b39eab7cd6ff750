package io.dynapipe.sink.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A person's table of columns, told as if it were the source's, while no event has told it. */
final class DerivedDefinition {

  private DerivedDefinition() {}

  /** The definition; its key is the table's smallest unique key. */
  static TableSchema of(TableName table, TargetTable target) {
    List<Column> columns =
        target.columns().stream()
            .filter(column -> !column.name().equals(target.auxColumn()))
            .map(column -> column(column.name(), column.type()))
            .toList();
    List<String> key =
        target.uniqueKeys().stream()
            .min(Comparator.comparingInt(Set::size))
            .map(names -> columns.stream().map(Column::name).filter(names::contains).toList())
            .orElse(List.of());
    return new TableSchema(table, columns, key);
  }

  private static Column column(String name, ColumnType type) {
    return new Column(name, dataType(type), null, true, sourceType(type), null, null);
  }

  private static DataType dataType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> DataType.BOOLEAN;
      case INT2 -> DataType.INT16;
      case INT4 -> DataType.INT32;
      case INT8 -> DataType.INT64;
      case NUMERIC -> DataType.DECIMAL;
      case FLOAT4 -> DataType.FLOAT;
      case FLOAT8 -> DataType.DOUBLE;
      case BYTEA -> DataType.BINARY;
      case DATE -> DataType.DATE;
      case TIME -> DataType.TIME;
      case TIMESTAMP -> DataType.TIMESTAMP;
      case TEXT, VARCHAR, CHAR, UUID, JSON, JSONB, OTHER -> DataType.STRING;
    };
  }

  /** Tells what the type alone does not: which texts are documents. */
  private static @Nullable String sourceType(ColumnType type) {
    return switch (type.kind()) {
      case JSON -> "json";
      case JSONB -> "jsonb";
      case UUID -> "uuid";
      default -> null;
    };
  }
}
