package io.dynapipe.sink.postgres;

import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.sink.RowWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one group as arrays, and the statements that apply them. */
abstract class RowBatch {

  private final TextArray[] arrays;
  private final List<String> statements;

  /**
   * An empty batch.
   *
   * @param columns how many arrays
   * @param statements each takes all arrays as its parameters, in their order
   */
  RowBatch(int columns, List<String> statements) {
    this.arrays = new TextArray[columns];
    this.statements = statements;
    for (int i = 0; i < columns; i++) {
      arrays[i] = new TextArray(4096);
    }
  }

  /**
   * Adds a row.
   *
   * @return null, or why the target can never hold it; then nothing was added
   */
  final @Nullable String add(RowWrite write) {
    RowKey key = write.key();
    RowKey previous = write.previousKey();
    if (hasNul(write.row())
        || (key != null && hasNul(key.values()))
        || (previous != null && hasNul(previous.values()))) {
      return "PostgreSQL cannot store the character NUL (U+0000) that a text of this row holds;"
          + " remove it at the source";
    }
    return append(write);
  }

  /** Adds one element to each array, or none to any when the answer is not null. */
  abstract @Nullable String append(RowWrite write);

  private static boolean hasNul(Row row) {
    byte[] bytes = row.bytes();
    int end = row.byteSize();
    for (int i = 0; i < end; i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }

  final TextArray array(int column) {
    return arrays[column];
  }

  final int rows() {
    return arrays[0].size();
  }

  /** Bytes that one statement sends. */
  final long byteSize() {
    long size = 0;
    for (TextArray array : arrays) {
      size += array.lengthInBytes();
    }
    return size;
  }

  final void execute(Connection connection) throws SQLException {
    for (String sql : statements) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < arrays.length; i++) {
          statement.setObject(i + 1, arrays[i]);
        }
        statement.execute();
      }
    }
  }
}
