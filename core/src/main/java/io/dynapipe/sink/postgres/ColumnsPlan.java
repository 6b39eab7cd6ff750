package io.dynapipe.sink.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.postgres.TableSql.Assignment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which arrays rows of one shape fill, and the statements over them, for a table of columns. */
final class ColumnsPlan {

  /**
   * A column of the rows.
   *
   * @param target null when the table has no such column: the value goes to aux
   */
  record Source(int rowColumn, @Nullable TargetColumn target) {}

  private final TargetTable table;
  private final WriteKind kind;
  private final List<TargetColumn> keys = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<StagedColumn> staged = new ArrayList<>();
  private final List<String> touched = new ArrayList<>();
  private final List<String> statements;

  ColumnsPlan(
      TargetTable table, WriteKind kind, ColumnNames key, ColumnNames columns, BitSet given) {
    this.table = table;
    this.kind = kind;
    stageKeys(key);
    if (kind != WriteKind.DELETE) {
      stageColumns(key, columns, given);
    }
    this.statements = makeStatements();
  }

  private void stageKeys(ColumnNames key) {
    for (String name : key.asList()) {
      TargetColumn column = writable(name);
      if (column == null) {
        throw PipelineException.permanent(
            "the target table " + table.name() + " has no column for the key column '" + name + "'",
            "Add the column, or load the table in the layout document.",
            null);
      }
      keys.add(column);
      staged.add(new StagedColumn(name, column.type().sqlName()));
    }
    if (kind == WriteKind.MOVE) {
      for (TargetColumn column : keys) {
        staged.add(new StagedColumn(previous(column), column.type().sqlName()));
      }
    }
    if (isKeyless()) {
      staged.add(new StagedColumn(StagedColumn.EVENT, "text"));
    }
  }

  private void stageColumns(ColumnNames key, ColumnNames columns, BitSet given) {
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.name(i);
      if (!given.get(i) || key.indexOf(name) >= 0) {
        continue;
      }
      TargetColumn column = table.column(name);
      if (column != null && column.generated()) {
        continue;
      }
      touched.add(name);
      column = writable(name);
      sources.add(new Source(i, column));
      if (column != null) {
        staged.add(new StagedColumn(name, column.type().sqlName()));
      }
    }
    String aux = table.auxColumn();
    if (aux != null) {
      staged.add(new StagedColumn(aux, "jsonb"));
    }
  }

  /** The target column for a source column, or null; aux is not one, even if its name is. */
  private @Nullable TargetColumn writable(String name) {
    TargetColumn column = table.column(name);
    return column == null || column.generated() || name.equals(table.auxColumn()) ? null : column;
  }

  private static String previous(TargetColumn column) {
    return StagedColumn.PREVIOUS + column.name();
  }

  boolean isKeyless() {
    return kind == WriteKind.APPEND || kind == WriteKind.REMOVE_ONE;
  }

  boolean hasAux() {
    return table.auxColumn() != null;
  }

  WriteKind kind() {
    return kind;
  }

  /** The arrays: key, previous key or event id, columns, aux. */
  List<StagedColumn> staged() {
    return staged;
  }

  List<ColumnType> keyTypes() {
    return keys.stream().map(TargetColumn::type).toList();
  }

  List<Source> sources() {
    return sources;
  }

  List<String> statements() {
    return statements;
  }

  private List<String> makeStatements() {
    List<Assignment> inserted = new ArrayList<>();
    for (StagedColumn column : staged) {
      if (table.column(column.name()) != null) {
        inserted.add(new Assignment(Sql.name(column.name()), column.ref()));
      }
    }
    List<String> absent = kind == WriteKind.PUT ? absent() : List.of();
    absent.forEach(name -> inserted.add(new Assignment(Sql.name(name), "NULL")));
    List<String> keyNames = keys.stream().map(TargetColumn::name).toList();
    TableSql sql =
        new TableSql(
            table.sql(),
            staged,
            inserted,
            alias -> matches(alias, ""),
            table.isUnique(keyNames)
                ? keyNames.stream().map(Sql::name).collect(Collectors.joining(", "))
                : null);
    return switch (kind) {
      case PUT -> List.of(sql.upsert(prefix -> set(prefix, false, absent)));
      case MERGE -> List.of(sql.upsert(prefix -> set(prefix, true, List.of())));
      case DELETE -> List.of(sql.delete());
      case MOVE ->
          sql.move(
              alias -> matches(alias, StagedColumn.PREVIOUS),
              keys.stream()
                  .map(k -> "s." + Sql.name(k.name()) + " = s." + Sql.name(previous(k)))
                  .collect(Collectors.joining(" AND ")),
              keys.stream()
                  .map(k -> Sql.name(k.name()) + " = s." + Sql.name(k.name()))
                  .collect(Collectors.joining(", ")),
              prefix -> set(prefix, true, List.of()));
      case APPEND -> List.of(sql.append(AppliedEvents.table(table.record())));
      case REMOVE_ONE ->
          List.of(sql.removeOne(AppliedEvents.table(table.record()), this::image, this::auxOf));
    };
  }

  /** Columns of the definition that a row without them sets to NULL. */
  private List<String> absent() {
    TableSchema definition = table.definition();
    if (definition == null) {
      return List.of();
    }
    return definition.columns().stream()
        .map(Column::name)
        .filter(name -> !touched.contains(name) && writable(name) != null)
        .filter(name -> keys.stream().noneMatch(key -> key.name().equals(name)))
        .toList();
  }

  private String matches(String alias, String prefix) {
    return keys.stream()
        .map(k -> alias + "." + Sql.name(k.name()) + " = s." + Sql.name(prefix + k.name()))
        .collect(Collectors.joining(" AND "));
  }

  private String set(String prefix, boolean merges, List<String> absent) {
    List<String> set = new ArrayList<>();
    for (Source source : sources) {
      if (source.target() != null) {
        String name = Sql.name(source.target().name());
        set.add(name + " = " + prefix + "." + name);
      }
    }
    absent.forEach(name -> set.add(Sql.name(name) + " = NULL"));
    String aux = table.auxColumn();
    if (aux != null) {
      set.add(
          merges
              ? mergedAux(Sql.name(aux), prefix)
              : Sql.name(aux) + " = " + prefix + "." + Sql.name(aux));
    }
    return String.join(", ", set);
  }

  private String mergedAux(String aux, String prefix) {
    return aux
        + " = CASE WHEN t."
        + aux
        + " IS NULL THEN "
        + prefix
        + "."
        + aux
        + " ELSE nullif((t."
        + aux
        + " - "
        + Sql.texts(touched)
        + ") || coalesce("
        + prefix
        + "."
        + aux
        + ", '{}'), '{}') END";
  }

  private String image(String alias) {
    String columns =
        sources.stream()
            .map(Source::target)
            .filter(Objects::nonNull)
            .map(column -> image(alias + "." + Sql.name(column.name()), column.type().kind()))
            .collect(Collectors.joining(", "));
    return "to_jsonb(ROW(" + columns + "))";
  }

  /** The document null must not look like NULL. */
  private static String image(String column, ColumnType.Kind kind) {
    boolean isDocument = kind == ColumnType.Kind.JSON || kind == ColumnType.Kind.JSONB;
    return isDocument ? column + "::text" : column;
  }

  private String auxOf(String alias) {
    String aux = table.auxColumn();
    return aux == null ? "NULL::jsonb" : alias + "." + Sql.name(aux);
  }
}
