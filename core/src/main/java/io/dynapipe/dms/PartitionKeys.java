package io.dynapipe.dms;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.Transaction;
import io.dynapipe.event.ValueKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Partition keys as DMS makes them. One thread at a time.
 *
 * <p>What DMS leaves open is decided like this: the values of a composite key are joined by a dot;
 * a row whose key cannot be told (table without primary key, key column null or missing) goes by
 * its table; a key of more than 256 characters is cut and ends in {@code ~} and 32 hexadecimal
 * digits of its SHA-256, so that equal keys stay equal and others stay apart.
 *
 * <p>An update that changes the primary key belongs to two partitions under {@code primary-key}:
 * see {@link #split}.
 */
public final class PartitionKeys {

  private static final int MAX_LENGTH = 256;
  private static final int DIGEST_BYTES = 16;

  private final String taskId;
  private final boolean includeSchemaTable;
  private @Nullable TableName lastTable;
  private String lastTablePrefix = "";

  /**
   * Keys of one task.
   *
   * @param taskId the resource part of the task's ARN
   */
  public PartitionKeys(String taskId, DmsSettings settings) {
    this.taskId = taskId;
    this.includeSchemaTable = settings.has(DmsSettings.Flag.PARTITION_INCLUDE_SCHEMA_TABLE);
  }

  /** Table changes go by task and table, whatever the table's rows go by. */
  public Partition of(TableChange change) {
    return new Partition(
        PartitionType.TASK_ID, taskId, bounded(taskId + "." + schemaTable(change.table())));
  }

  /**
   * A row change's partition. An update's is that of its new key.
   *
   * @param key the table's primary key columns; empty when it has none
   */
  public Partition of(RowChange change, ColumnNames key, PartitionRule rule) {
    return switch (rule.type()) {
      case PRIMARY_KEY -> byPrimaryKey(change, key);
      case TRANSACTION_ID -> byTransaction(change);
      case ATTRIBUTE_NAME ->
          valued(change, rule.type(), value(change, String.valueOf(rule.parameter())));
      case CONSTANT -> valued(change, rule.type(), rule.parameter());
      case SCHEMA_TABLE, TASK_ID -> bySchemaTable(change);
    };
  }

  /**
   * What to write for a change, so that each key's own history is whole and in order in its own
   * partition, with any number of shards: an update that changes the primary key becomes a delete
   * of the old key and an insert of the new one, with the same origin. Everything else stays as it
   * is.
   *
   * <p>Columns that the update left unchanged (TOAST) are filled from the before image where it
   * holds them ({@code REPLICA IDENTITY FULL}). When some remain, no insert can be made, and the
   * update stays one record. With several shards it goes to all of them and is applied when all
   * have come so far.
   *
   * <p>For use with {@code primary-key} only; the other types keep both keys in one partition or
   * promise no order.
   */
  public static List<RowChange> split(RowChange change, ColumnNames key) {
    Row before = change.before();
    if (change.operation() != RowOperation.UPDATE
        || before == null
        || !keyChanged(change.row(), before, key)) {
      return List.of(change);
    }
    Row row = withoutUnchanged(change.row(), before);
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == ValueKind.UNCHANGED) {
        return List.of(change);
      }
    }
    return List.of(
        new RowChange(
            change.table(),
            RowOperation.DELETE,
            oldRow(row, before, key),
            null,
            change.origin(),
            change.extras()),
        new RowChange(
            change.table(), RowOperation.INSERT, row, null, change.origin(), change.extras()));
  }

  /**
   * Whether the change takes a row from one key to another, which a delete and an insert can do.
   */
  public static boolean moves(RowChange change, ColumnNames key) {
    Row before = change.before();
    return change.operation() == RowOperation.UPDATE
        && before != null
        && keyChanged(change.row(), before, key);
  }

  private static boolean keyChanged(Row row, Row before, ColumnNames key) {
    for (int i = 0; i < key.size(); i++) {
      int now = row.columns().indexOf(key.name(i));
      int then = before.columns().indexOf(key.name(i));
      boolean told =
          now >= 0 && then >= 0 && row.kind(now).hasValue() && before.kind(then).hasValue();
      if (told && !row.sameValue(now, before, then)) {
        return true;
      }
    }
    return false;
  }

  private static Row withoutUnchanged(Row row, Row before) {
    RowBuilder builder = new RowBuilder().begin(row.columns());
    for (int i = 0; i < row.size(); i++) {
      int old = before.columns().indexOf(row.columns().name(i));
      boolean fill = row.kind(i) == ValueKind.UNCHANGED && old >= 0 && isTold(before.kind(old));
      builder.addFrom(fill ? before : row, fill ? old : i);
    }
    return builder.build();
  }

  /** All that is known of the row before the update. */
  private static Row oldRow(Row row, Row before, ColumnNames key) {
    RowBuilder builder = new RowBuilder().begin(row.columns());
    for (int i = 0; i < row.size(); i++) {
      String name = row.columns().name(i);
      int old = before.columns().indexOf(name);
      if (old >= 0 && isTold(before.kind(old))) {
        builder.addFrom(before, old);
      } else if (key.indexOf(name) >= 0) {
        builder.addFrom(row, i);
      } else {
        builder.addAbsent();
      }
    }
    return builder.build();
  }

  private static boolean isTold(ValueKind kind) {
    return kind == ValueKind.NULL || kind.hasValue();
  }

  private Partition byPrimaryKey(RowChange change, ColumnNames key) {
    if (key.size() == 0) {
      return bySchemaTable(change);
    }
    String prefix = includeSchemaTable ? tablePrefix(change.table()) : "";
    if (key.size() == 1) {
      String text = value(change, key.name(0));
      return text == null
          ? bySchemaTable(change)
          : valued(change, PartitionType.PRIMARY_KEY, prefix.concat(text));
    }
    StringBuilder joined = new StringBuilder(prefix);
    for (int i = 0; i < key.size(); i++) {
      String text = value(change, key.name(i));
      if (text == null) {
        return bySchemaTable(change);
      }
      joined.append(i == 0 ? "" : ".").append(text);
    }
    return valued(change, PartitionType.PRIMARY_KEY, joined.toString());
  }

  private static Partition byTransaction(RowChange change) {
    Transaction transaction = change.origin().transaction();
    return valued(
        change,
        PartitionType.TRANSACTION_ID,
        transaction == null ? null : Long.toString(transaction.id()));
  }

  private static Partition bySchemaTable(RowChange change) {
    return new Partition(PartitionType.SCHEMA_TABLE, null, bounded(schemaTable(change.table())));
  }

  /** By this value; by the table when there is none, since a partition key must not be empty. */
  private static Partition valued(RowChange change, PartitionType type, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return bySchemaTable(change);
    }
    String key = bounded(value);
    return new Partition(type, key, key);
  }

  /** A column's value in the new row; in the old one when the update did not resend it. */
  private static @Nullable String value(RowChange change, String column) {
    String text = change.row().text(column);
    Row before = change.before();
    return text == null && before != null && change.row().kind(column) == ValueKind.UNCHANGED
        ? before.text(column)
        : text;
  }

  @SuppressWarnings("ReferenceEquality") // the fast case
  private String tablePrefix(TableName table) {
    if (table != lastTable) {
      lastTable = table;
      lastTablePrefix = schemaTable(table) + ".";
    }
    return lastTablePrefix;
  }

  /** With its dot also when the schema is empty, as DMS does for its own tables. */
  private static String schemaTable(TableName table) {
    return table.schema() + "." + table.name();
  }

  private static String bounded(String key) {
    if (key.length() <= MAX_LENGTH) {
      return key;
    }
    int kept = MAX_LENGTH - 2 * DIGEST_BYTES - 1;
    if (Character.isHighSurrogate(key.charAt(kept - 1))) {
      kept--;
    }
    byte[] digest = sha256(key.getBytes(StandardCharsets.UTF_8));
    return key.substring(0, kept) + "~" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
