package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.cratedb.CrateType.Kind;
import io.dynapipe.sink.cratedb.TargetTable.KeyColumn;
import io.dynapipe.sink.cratedb.TargetTable.KeyStyle;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops, renames and widens columns, values in {@code aux} included. A table that a person made
 * keeps its columns; there, only values are taken away or carried over. Thread-safe.
 */
final class ColumnChanges {

  private static final Logger LOG = LoggerFactory.getLogger(ColumnChanges.class);

  /** Holds a column's values while it gets another type. */
  private static final String OLD = "_dynapipe_old_";

  private final CrateClient client;
  private final OpenTables tables;

  ColumnChanges(CrateClient client, OpenTables tables) {
    this.client = client;
    this.tables = tables;
  }

  void drop(OpenTable table, String name) {
    TargetTable target = table.target();
    if (target.isKey(name) && target.keyStyle() != KeyStyle.PK_OBJECT) {
      LOG.warn("{}: the key's column '{}' stays: CrateDB cannot drop it", target.name(), name);
      return;
    }
    client.execute("REFRESH TABLE " + target.sql());
    if (target.type(name) != null) {
      clear(table, name);
    }
    new AuxChanges(client, target).remove(name);
    tables.forget(target.name());
  }

  private void clear(OpenTable table, String name) {
    String reference = table.target().reference(name);
    if (table.made()) {
      SqlAnswer answer =
          client.attempt(
              "ALTER TABLE " + table.target().sql() + " DROP COLUMN IF EXISTS " + reference);
      if (answer.error() == null) {
        return;
      }
    }
    client.execute(
        "UPDATE "
            + table.target().sql()
            + " SET "
            + reference
            + " = NULL WHERE "
            + reference
            + " IS NOT NULL");
  }

  /** Carries a column's values over to its new name. */
  void rename(OpenTable table, TableSchema schema, String from, String to) {
    TargetTable target = table.target();
    Column column = schema.column(to);
    if (column == null) {
      return;
    }
    renameKey(table, schema, from, to);
    client.execute("REFRESH TABLE " + target.sql());
    boolean ownColumn = target.keyStyle() == KeyStyle.COLUMNS && target.isKey(from);
    CrateType old = ownColumn ? null : target.type(from);
    if (old != null) {
      boolean aux = target.aux() == TargetTable.AuxPlace.COLUMN;
      CrateType place = tables.create().place(schema.table(), column, target.objectData(), aux);
      boolean refused = place == null && !CrateTypes.isUndecided(column);
      if (refused) {
        new AuxChanges(client, target).take(from, to, old);
        clear(table, from);
      } else if (table.made() && target.type(to) == null) {
        client.execute(
            "ALTER TABLE "
                + target.sql()
                + " RENAME COLUMN "
                + target.reference(from)
                + " TO "
                + target.reference(to));
      } else {
        copy(table, from, to, old);
        clear(table, from);
      }
    }
    new AuxChanges(client, target).rename(from, to);
    tables.forget(target.name());
  }

  private void copy(OpenTable table, String from, String to, CrateType type) {
    TargetTable target = table.target();
    if (target.type(to) == null) {
      client.execute(CreateTable.addColumns(target, Map.of(to, type)));
    }
    client.execute(
        "UPDATE "
            + target.sql()
            + " SET "
            + target.reference(to)
            + " = "
            + target.reference(from)
            + " WHERE "
            + target.reference(from)
            + " IS NOT NULL");
  }

  private void renameKey(OpenTable table, TableSchema schema, String from, String to) {
    TargetTable target = table.target();
    KeyColumn part =
        target.key().stream().filter(k -> k.source().equals(from)).findFirst().orElse(null);
    if (part == null || target.keyStyle() == KeyStyle.GENERATED) {
      return;
    }
    boolean object = target.keyStyle() == KeyStyle.PK_OBJECT;
    String name = object ? CrateNames.keyMember(to) : CrateNames.keyColumn(schema, to);
    if (!part.member().equals(name)) {
      client.execute(
          "ALTER TABLE "
              + target.sql()
              + " RENAME COLUMN "
              + part.reference()
              + " TO "
              + (object ? SqlText.member("pk", name) : SqlText.identifier(name)));
    }
  }

  /**
   * Gives a column of ours a type that holds more, when the definition asks for it. Otherwise the
   * column stays as it is; what does not fit goes to {@code aux}.
   */
  void widen(OpenTable table, TableName source, Column column) {
    TargetTable target = table.target();
    String name = column.name();
    String old = OLD + name;
    CrateType present = target.type(old) == null ? target.type(name) : target.type(old);
    boolean aux = target.aux() == TargetTable.AuxPlace.COLUMN;
    CrateType wanted = tables.create().place(source, column, target.objectData(), aux);
    boolean ownKey = target.keyStyle() == KeyStyle.COLUMNS && target.isKey(name);
    if (present == null || wanted == null || ownKey || holds(present, wanted)) {
      return;
    }
    String cast = conversion(present, wanted);
    if (cast == null || !table.made()) {
      LOG.warn(
          "{}: '{}' stays {} although the source has {} now: values that do not fit go to aux",
          target.name(),
          name,
          present,
          column.sourceType() == null ? column.type() : column.sourceType());
      return;
    }
    convert(target, name, old, wanted, cast);
    tables.forget(target.name());
  }

  private void convert(TargetTable target, String name, String old, CrateType wanted, String cast) {
    // Each step is left out when an earlier try got so far.
    if (target.type(old) == null) {
      client.execute(
          "ALTER TABLE "
              + target.sql()
              + " RENAME COLUMN "
              + target.reference(name)
              + " TO "
              + target.reference(old));
    }
    if (target.type(old) == null || target.type(name) == null) {
      client.execute(CreateTable.addColumns(target, Map.of(name, wanted)));
    }
    client.execute("REFRESH TABLE " + target.sql());
    client.execute(
        "UPDATE "
            + target.sql()
            + " SET "
            + target.reference(name)
            + " = "
            + target.reference(old)
            + cast
            + " WHERE "
            + target.reference(old)
            + " IS NOT NULL");
    client.execute("ALTER TABLE " + target.sql() + " DROP COLUMN " + target.reference(old));
  }

  /** Whether every value of the wanted type is held by the present one, too. */
  private static boolean holds(CrateType present, CrateType wanted) {
    if (present.equals(wanted)) {
      return true;
    }
    if (present.isInteger() && wanted.isInteger()) {
      return present.kind().compareTo(wanted.kind()) >= 0;
    }
    if (present.kind() == Kind.TEXT) {
      return present.precision() == 0 && wanted.kind() != Kind.OBJECT;
    }
    return present.kind() == wanted.kind() && present.kind() != Kind.NUMERIC;
  }

  /** The cast that carries each value over unchanged, or null when there is none. */
  private static @Nullable String conversion(CrateType from, CrateType to) {
    boolean integer = from.isInteger();
    return switch (to.kind()) {
      case SMALLINT, INTEGER, BIGINT -> integer && from.kind().compareTo(to.kind()) < 0 ? "" : null;
      case DOUBLE -> from.kind() == Kind.REAL ? "" : null;
      case NUMERIC -> {
        boolean wider =
            from.kind() == Kind.NUMERIC
                && from.scale() >= 0
                && from.scale() <= to.scale()
                && from.precision() - from.scale() <= to.precision() - to.scale();
        boolean room = integer && to.precision() - to.scale() >= 19;
        yield wider || room ? "::" + to.ddl() : null;
      }
      case TEXT ->
          integer || from.kind() == Kind.NUMERIC || from.kind() == Kind.UUID
              ? "::text"
              : from.kind() == Kind.TEXT ? "" : null;
      default -> null;
    };
  }
}
