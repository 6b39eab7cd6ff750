package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.Origin;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.TableName;
import io.dynapipe.event.Transaction;
import io.dynapipe.mapping.expression.Header;
import io.dynapipe.mapping.expression.Scope;
import io.dynapipe.mapping.expression.Value;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import io.dynapipe.mapping.rule.ColumnType;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the headers of expressions stand for. */
final class Headers {

  private static final int RECORD_DIGITS = 8;

  private Headers() {}

  static Value value(Header header, RowChange change, TableName table) {
    Origin origin = change.origin();
    StreamPosition position = origin.position();
    return switch (header) {
      case STREAM_POSITION -> position == null ? Special.NULL : new Text(position.toString());
      case TIMESTAMP -> new Text(Moments.timestamp(origin.timestampMicros()));
      case COMMIT_TIMESTAMP -> new Text(Moments.timestamp(commitMicros(origin)));
      case OPERATION -> new Text(operation(change.operation()));
      case CHANGE_SEQ ->
          position == null ? Special.NULL : new Text(changeSequence(origin, position));
      case SOURCE_SCHEMA -> new Text(table.schema());
      case SOURCE_TABLE_NAME -> new Text(table.name());
      case SOURCE_COLUMN_NAME, SOURCE_COLUMN_DATATYPE -> Special.NULL;
    };
  }

  /**
   * What a name can be made of.
   *
   * @param column null when the name is not a column's
   */
  static Scope ofNames(TableName table, @Nullable Column column) {
    return new Scope() {
      @Override
      public Value column(int index) {
        throw new IllegalStateException("a name is not made of values");
      }

      @Override
      public Value header(Header header) {
        return switch (header) {
          case SOURCE_SCHEMA -> new Text(table.schema());
          case SOURCE_TABLE_NAME -> new Text(table.name());
          case SOURCE_COLUMN_NAME -> column == null ? Special.NULL : new Text(column.name());
          case SOURCE_COLUMN_DATATYPE ->
              column == null ? Special.NULL : new Text(ColumnType.dmsName(column));
          case STREAM_POSITION, TIMESTAMP, COMMIT_TIMESTAMP, OPERATION, CHANGE_SEQ -> Special.NULL;
        };
      }

      @Override
      public RowOperation operation() {
        throw new IllegalStateException("a name is not of a change");
      }

      @Override
      public long nowMicros() {
        throw new IllegalStateException("a name is not of a time");
      }
    };
  }

  private static String operation(RowOperation operation) {
    return switch (operation) {
      case LOAD, INSERT -> "INSERT";
      case UPDATE -> "UPDATE";
      case DELETE -> "DELETE";
    };
  }

  private static long commitMicros(Origin origin) {
    Transaction transaction = origin.transaction();
    Long commit = transaction == null ? null : transaction.commitMicros();
    return commit == null ? origin.timestampMicros() : commit;
  }

  /**
   * 35 digits: commit time to the hundredth of a second (16), then 19 that grow inside it: the
   * commit's LSN and the record's number in its transaction. The same change has the same number
   * whenever it is read again.
   */
  private static String changeSequence(Origin origin, StreamPosition position) {
    String digits = Moments.timestamp(commitMicros(origin)).replaceAll("[^0-9]", "");
    BigInteger records = BigInteger.TEN.pow(RECORD_DIGITS);
    BigInteger number =
        new BigInteger(Long.toUnsignedString(position.commit().value()))
            .multiply(records)
            .add(BigInteger.valueOf(origin.recordInTransaction()))
            .mod(BigInteger.TEN.pow(19));
    return (digits + "00").substring(0, 16) + String.format(Locale.ROOT, "%019d", number);
  }
}
