package io.dynapipe.dms;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.TableChange;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a stream endpoint says about the form of its messages, as {@code KinesisSettings} names it.
 *
 * @param beforeImageField the member that holds an update's old values ({@code
 *     BeforeImageSettings.FieldName})
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/APIReference/API_KinesisSettings.html">KinesisSettings</a>
 */
public record DmsSettings(MessageFormat messageFormat, Set<Flag> flags, String beforeImageField) {

  /** The member name DMS's guide uses, and ours. */
  public static final String BEFORE_IMAGE = "before-image";

  /** Layout of the JSON text. */
  public enum MessageFormat {
    /** With line breaks and tabs. */
    JSON("json"),
    /** One line without blanks. */
    JSON_UNFORMATTED("json-unformatted");

    private final String apiName;

    MessageFormat(String apiName) {
      this.apiName = apiName;
    }

    /** The value of {@code MessageFormat} in the API. */
    public String apiName() {
      return apiName;
    }
  }

  /** The boolean settings; AWS takes each as false when it is not given. */
  public enum Flag {
    /** Transaction's ids and commit time, and the change's position in the log. */
    INCLUDE_TRANSACTION_DETAILS("IncludeTransactionDetails"),
    /** {@code partition-key-value} in the metadata, unless the type is {@code schema-table}. */
    INCLUDE_PARTITION_VALUE("IncludePartitionValue"),
    /** {@code schema.table.} before a primary key's value in the partition key. */
    PARTITION_INCLUDE_SCHEMA_TABLE("PartitionIncludeSchemaTable"),
    /** Events for changes of a table's definition; see {@link DmsSettings#emits}. */
    INCLUDE_TABLE_ALTER_OPERATIONS("IncludeTableAlterOperations"),
    /** {@code control} with the table's definition. */
    INCLUDE_CONTROL_DETAILS("IncludeControlDetails"),
    /** Columns without a value as {@code null} instead of leaving them out. */
    INCLUDE_NULL_AND_EMPTY("IncludeNullAndEmpty"),
    /**
     * Binary values without {@code 0x}. The one who makes the row applies it: a row does not tell
     * bytea from text, so {@link DmsEncoder} cannot.
     */
    NO_HEX_PREFIX("NoHexPrefix");

    private final String apiName;

    Flag(String apiName) {
      this.apiName = apiName;
    }

    /** The member's name in {@code KinesisSettings}. */
    public String apiName() {
      return apiName;
    }
  }

  public DmsSettings {
    flags = Set.copyOf(flags);
  }

  /** Ours: one line, everything included, so that nothing is ambiguous to the consumer. */
  public static DmsSettings defaults() {
    EnumSet<Flag> flags = EnumSet.allOf(Flag.class);
    flags.remove(Flag.NO_HEX_PREFIX);
    return new DmsSettings(MessageFormat.JSON_UNFORMATTED, flags, BEFORE_IMAGE);
  }

  /** What AWS takes for an endpoint that sets nothing. */
  public static DmsSettings awsDefaults() {
    return new DmsSettings(MessageFormat.JSON, Set.of(), BEFORE_IMAGE);
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /** The same with this flag set or not. */
  public DmsSettings with(Flag flag, boolean value) {
    EnumSet<Flag> changed = EnumSet.noneOf(Flag.class);
    changed.addAll(flags);
    if (value) {
      changed.add(flag);
    } else {
      changed.remove(flag);
    }
    return new DmsSettings(messageFormat, changed, beforeImageField);
  }

  /** The same in another layout. */
  public DmsSettings with(MessageFormat format) {
    return new DmsSettings(format, flags, beforeImageField);
  }

  /** The same with another name for the old values. */
  public DmsSettings withBeforeImageField(String name) {
    return new DmsSettings(messageFormat, flags, name);
  }

  /**
   * Whether this endpoint wants such an event. Rows, create-table and drop-table are always sent
   * (DMS sends the latter two at a load whatever the settings), and so is truncate-table: it
   * changes rows, so leaving it out would lose data.
   */
  public boolean emits(ChangeEvent event) {
    if (!(event instanceof TableChange change)) {
      return true;
    }
    return switch (change.operation()) {
      case CREATE_TABLE, DROP_TABLE, TRUNCATE_TABLE -> true;
      case RENAME_TABLE,
          ADD_COLUMN,
          DROP_COLUMN,
          RENAME_COLUMN,
          CHANGE_COLUMNS,
          COLUMN_TYPE_CHANGE ->
          has(Flag.INCLUDE_TABLE_ALTER_OPERATIONS);
    };
  }
}
