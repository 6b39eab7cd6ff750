package io.dynapipe.sink.postgres;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowKey;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.postgres.TableSql.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows as documents: {@code pk}, {@code data}, {@code aux}. A table without {@code pk}, as in the
 * walkthrough, is addressed by the key's members in {@code data}.
 */
final class DocumentFormat implements RowFormat {

  private static final String JSONB = "jsonb";

  private final TargetTable table;
  private final boolean hasKeyColumn;
  private final boolean hasAux;
  private final DocumentRenderer renderer;

  DocumentFormat(TargetTable table) {
    this.table = table;
    this.hasKeyColumn = table.column(TargetTable.KEY) != null;
    this.hasAux = table.auxColumn() != null;
    this.renderer =
        new DocumentRenderer(
            table.definition(), table.layout() == Layout.UNIVERSAL && hasKeyColumn, hasAux);
  }

  @Override
  public Object group(RowWrite write) {
    // Without a key column, the statement spells the key's members.
    RowKey key = write.key();
    return hasKeyColumn || key == null
        ? write.kind()
        : List.of(write.kind(), key.values().columns());
  }

  @Override
  public RowBatch begin(RowWrite first) {
    WriteKind kind = first.kind();
    List<StagedColumn> staged = new ArrayList<>();
    if (kind == WriteKind.APPEND || kind == WriteKind.REMOVE_ONE) {
      staged.add(new StagedColumn(StagedColumn.EVENT, "text"));
    } else {
      staged.add(new StagedColumn(hasKeyColumn ? TargetTable.KEY : StagedColumn.KEY, JSONB));
    }
    if (kind == WriteKind.MOVE) {
      staged.add(new StagedColumn(StagedColumn.PREVIOUS, JSONB));
    }
    if (kind != WriteKind.DELETE) {
      staged.add(new StagedColumn(TargetTable.DATA, JSONB));
      if (hasAux) {
        staged.add(new StagedColumn(TargetTable.AUX, JSONB));
      }
    }
    return new Batch(kind, staged.size(), statements(first, staged));
  }

  private List<String> statements(RowWrite first, List<StagedColumn> staged) {
    List<Assignment> inserted = new ArrayList<>();
    for (StagedColumn column : staged) {
      if (table.column(column.name()) != null) {
        inserted.add(new Assignment(Sql.name(column.name()), column.ref()));
      }
    }
    ColumnNames keys = first.key() == null ? ColumnNames.of() : first.key().values().columns();
    String newKey = Sql.name(hasKeyColumn ? TargetTable.KEY : StagedColumn.KEY);
    TableSql sql =
        new TableSql(
            table.sql(),
            staged,
            inserted,
            alias -> matches(alias, keys, newKey),
            table.isUnique(List.of(TargetTable.KEY)) ? TargetTable.KEY : null);
    return switch (first.kind()) {
      case PUT -> List.of(sql.upsert(this::setAll));
      case MERGE -> List.of(sql.upsert(this::setGiven));
      case DELETE -> List.of(sql.delete());
      case MOVE -> {
        String previous = Sql.name(StagedColumn.PREVIOUS);
        yield sql.move(
            alias -> matches(alias, keys, previous),
            "s." + newKey + " = s." + previous,
            hasKeyColumn ? "pk = s.pk" : "",
            this::setGiven);
      }
      case APPEND -> List.of(sql.append(AppliedEvents.table(table.record())));
      case REMOVE_ONE ->
          List.of(
              sql.removeOne(
                  AppliedEvents.table(table.record()), alias -> alias + ".data", this::auxOf));
    };
  }

  private String matches(String alias, ColumnNames keys, String staged) {
    if (hasKeyColumn) {
      return alias + ".pk = s." + staged;
    }
    return keys.asList().stream()
        .map(Sql::text)
        .map(key -> alias + ".data -> " + key + " = s." + staged + " -> " + key)
        .collect(Collectors.joining(" AND "));
  }

  private String setAll(String prefix) {
    return "data = " + prefix + ".data" + (hasAux ? ", aux = " + prefix + ".aux" : "");
  }

  /** A column is in aux or, if not, nothing of it may stay there. */
  private String setGiven(String prefix) {
    String data = "data = coalesce(t.data, '{}') || " + prefix + ".data";
    return hasAux
        ? data
            + ", aux = CASE WHEN t.aux IS NULL THEN "
            + prefix
            + ".aux ELSE nullif((t.aux - ARRAY(SELECT jsonb_object_keys("
            + prefix
            + ".data))) || coalesce("
            + prefix
            + ".aux, '{}'), '{}') END"
        : data;
  }

  private String auxOf(String alias) {
    return hasAux ? alias + ".aux" : "NULL::jsonb";
  }

  /** Writes of one kind. */
  private final class Batch extends RowBatch {

    private final WriteKind kind;

    Batch(WriteKind kind, int columns, List<String> statements) {
      super(columns, statements);
      this.kind = kind;
    }

    @Override
    @Nullable String append(RowWrite write) {
      int column = 0;
      boolean keyless = kind == WriteKind.APPEND || kind == WriteKind.REMOVE_ONE;
      if (kind != WriteKind.DELETE) {
        String refusal = renderer.render(write.row(), keyless);
        if (refusal != null) {
          return refusal;
        }
      }
      if (keyless) {
        array(column++).add(write.eventId());
      } else {
        renderer.key(Objects.requireNonNull(write.key()), array(column++));
      }
      if (kind == WriteKind.MOVE) {
        renderer.key(Objects.requireNonNull(write.previousKey()), array(column++));
      }
      if (kind != WriteKind.DELETE) {
        renderer.data(array(column++));
        if (hasAux) {
          renderer.aux(array(column));
        }
      }
      return null;
    }
  }
}
