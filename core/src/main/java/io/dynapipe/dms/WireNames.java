package io.dynapipe.dms;

import io.dynapipe.event.DataType;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableOperation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DMS's words for operations and types. */
final class WireNames {

  private static final Map<String, RowOperation> ROW_OPERATIONS = new HashMap<>();
  private static final Map<String, TableOperation> TABLE_OPERATIONS = new HashMap<>();
  private static final Map<String, DataType> TYPES = new HashMap<>();

  static {
    for (RowOperation operation : RowOperation.values()) {
      ROW_OPERATIONS.put(of(operation), operation);
    }
    for (TableOperation operation : TableOperation.values()) {
      TABLE_OPERATIONS.put(of(operation), operation);
    }
    for (DataType type : DataType.values()) {
      TYPES.put(of(type), type);
    }
  }

  private WireNames() {}

  static String of(RowOperation operation) {
    return switch (operation) {
      case LOAD -> "load";
      case INSERT -> "insert";
      case UPDATE -> "update";
      case DELETE -> "delete";
    };
  }

  static String of(TableOperation operation) {
    return switch (operation) {
      case CREATE_TABLE -> "create-table";
      case DROP_TABLE -> "drop-table";
      case TRUNCATE_TABLE -> "truncate-table";
      case RENAME_TABLE -> "rename-table";
      case ADD_COLUMN -> "add-column";
      case DROP_COLUMN -> "drop-column";
      case RENAME_COLUMN -> "rename-column";
      case CHANGE_COLUMNS -> "change-columns";
      case COLUMN_TYPE_CHANGE -> "column-type-change";
    };
  }

  static String of(DataType type) {
    return switch (type) {
      case BOOLEAN -> "BOOL";
      case DATE -> "DATE32";
      case TIME -> "TIME32";
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> type.name();
      case DECIMAL, FLOAT, DOUBLE, STRING, BINARY, TIMESTAMP -> type.name();
    };
  }

  static @Nullable RowOperation rowOperation(String name) {
    return ROW_OPERATIONS.get(name);
  }

  static @Nullable TableOperation tableOperation(String name) {
    return TABLE_OPERATIONS.get(name);
  }

  static @Nullable DataType type(String name) {
    return TYPES.get(name);
  }
}
