package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.cratedb.CrateType.Kind;
import io.dynapipe.sink.cratedb.TargetTable.AuxPlace;
import io.dynapipe.sink.cratedb.TargetTable.KeyColumn;
import io.dynapipe.sink.cratedb.TargetTable.KeyStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises which of the known shapes a table has. */
final class TableShape {

  /** {@code data['id']}, perhaps cast. */
  private static final Pattern MEMBER_OF_DATA =
      Pattern.compile("(?:cast\\()?\"?data\"?\\['((?:[^']|'')*)'\\](?:::\\w+| AS [\\w ]+\\))?");

  private TableShape() {}

  /**
   * The table as the sink writes it.
   *
   * @param source the source's definition as far as it is known
   * @param layout decides where the table itself does not tell: document or universal
   * @param registered the layout of a table that Dynapipe made; null when a person made it
   * @throws PipelineException (permanent) when the table cannot be written, with the cure
   */
  static TargetTable of(
      RawTable raw, @Nullable TableSchema source, Layout layout, @Nullable Layout registered) {
    boolean aux = isObject(raw.columns().get("aux"));
    AuxPlace column = aux ? AuxPlace.COLUMN : AuxPlace.NONE;
    if (registered == Layout.COLUMNS) {
      // A source column may be called data, or pk.
      return withColumns(raw, source, column);
    }
    CrateType data = raw.columns().get("data");
    CrateType pk = raw.columns().get("pk");
    if (data != null && isObject(data) && isObject(pk) && keyIn(raw, "pk")) {
      return withPk(raw, source, registered == null ? layout : registered, data, inData(aux, data));
    }
    if (data != null && isObject(data) && onlyData(raw)) {
      return withData(raw, data, inData(aux, data));
    }
    return withColumns(raw, source, column);
  }

  private static AuxPlace inData(boolean column, CrateType data) {
    if (column) {
      return AuxPlace.COLUMN;
    }
    return isObject(data.members().get(TargetTable.AUX_MEMBER))
        ? AuxPlace.MEMBER
        : AuxPlace.ADDABLE;
  }

  private static Map<String, CrateType> values(CrateType data) {
    Map<String, CrateType> members = new LinkedHashMap<>(data.members());
    members.remove(TargetTable.AUX_MEMBER);
    return members;
  }

  private static boolean isObject(@Nullable CrateType type) {
    return type != null && type.kind() == Kind.OBJECT;
  }

  private static boolean keyIn(RawTable raw, String column) {
    return !raw.primaryKey().isEmpty()
        && raw.primaryKey().stream()
            .allMatch(path -> path.size() == 2 && path.get(0).equals(column));
  }

  private static boolean onlyData(RawTable raw) {
    return raw.columns().keySet().stream()
        .allMatch(
            name -> name.equals("data") || name.equals("aux") || raw.generated().containsKey(name));
  }

  private static TargetTable withPk(
      RawTable raw, @Nullable TableSchema source, Layout layout, CrateType data, AuxPlace aux) {
    CrateType pk = java.util.Objects.requireNonNull(raw.columns().get("pk"));
    if (isEventKey(raw, pk)) {
      return new TargetTable(
          raw.name(), KeyStyle.EVENT, List.of(), true, false, aux, values(data), raw.size());
    }
    List<KeyColumn> key = new ArrayList<>();
    boolean declared = false;
    for (List<String> path : raw.primaryKey()) {
      String member = path.get(1);
      String name = sourceName(source, member);
      declared |= data.members().containsKey(name);
      key.add(
          new KeyColumn(
              name,
              SqlText.member("pk", member),
              member,
              pk.members().getOrDefault(member, CrateType.TEXT)));
    }
    return new TargetTable(
        raw.name(),
        KeyStyle.PK_OBJECT,
        key,
        true,
        declared || layout != Layout.UNIVERSAL,
        aux,
        values(data),
        raw.size());
  }

  /** Our own tables for sources without a key have the event's id and the row's digest there. */
  private static boolean isEventKey(RawTable raw, CrateType pk) {
    return raw.primaryKey().equals(List.of(List.of("pk", CreateTable.EVENT)))
        && pk.members().containsKey(CreateTable.ROW);
  }

  private static String sourceName(@Nullable TableSchema source, String member) {
    if (source != null) {
      for (String name : source.primaryKey()) {
        if (CrateNames.keyMember(name).equals(member)) {
          return name;
        }
      }
    }
    return member;
  }

  private static String keySource(@Nullable TableSchema source, String physical) {
    if (source != null) {
      for (String name : source.primaryKey()) {
        if (CrateNames.keyColumn(source, name).equals(physical)) {
          return name;
        }
      }
    }
    return physical;
  }

  private static TargetTable withData(RawTable raw, CrateType data, AuxPlace aux) {
    List<KeyColumn> key = new ArrayList<>();
    for (List<String> path : raw.primaryKey()) {
      String expression = path.size() == 1 ? raw.generated().get(path.get(0)) : null;
      Matcher matcher = MEMBER_OF_DATA.matcher(expression == null ? "" : expression);
      if (!matcher.matches()) {
        throw PipelineException.permanent(
            "the primary key of "
                + raw.name()
                + " includes "
                + String.join(".", path)
                + ", from which no column of the source can be told",
            "Give the table a key that is generated from data, such as"
                + " id BIGINT GENERATED ALWAYS AS data['id'] PRIMARY KEY, or drop the table and let"
                + " Dynapipe make it.",
            null);
      }
      CrateType type = raw.columns().getOrDefault(path.get(0), CrateType.TEXT);
      String source = matcher.group(1).replace("''", "'");
      key.add(new KeyColumn(source, SqlText.identifier(path.get(0)), source, type));
    }
    return new TargetTable(
        raw.name(),
        key.isEmpty() ? KeyStyle.NONE : KeyStyle.GENERATED,
        key,
        true,
        true,
        aux,
        values(data),
        raw.size());
  }

  private static TargetTable withColumns(RawTable raw, @Nullable TableSchema source, AuxPlace aux) {
    Map<String, CrateType> columns = new LinkedHashMap<>(raw.columns());
    raw.generated().keySet().forEach(columns::remove);
    if (aux == AuxPlace.COLUMN) {
      columns.remove("aux");
    }
    CrateType pk = raw.columns().get("pk");
    if (keyIn(raw, "pk") && pk != null && isEventKey(raw, pk)) {
      columns.remove("pk");
      return new TargetTable(
          raw.name(), KeyStyle.EVENT, List.of(), false, false, aux, columns, raw.size());
    }
    List<KeyColumn> key = new ArrayList<>();
    for (List<String> path : raw.primaryKey()) {
      String physical = path.get(0);
      String name = keySource(source, physical);
      boolean known = source == null || source.column(name) != null;
      if (path.size() != 1 || raw.generated().containsKey(physical) || !known) {
        throw PipelineException.permanent(
            "the primary key of "
                + raw.name()
                + " includes "
                + String.join(".", path)
                + ", which is no column of the source",
            "Make the table with the source's primary key, or drop it and let Dynapipe make it.",
            null);
      }
      CrateType type = java.util.Objects.requireNonNull(columns.remove(physical));
      columns.put(name, type);
      key.add(new KeyColumn(name, SqlText.identifier(physical), physical, type));
    }
    return new TargetTable(
        raw.name(),
        key.isEmpty() ? KeyStyle.NONE : KeyStyle.COLUMNS,
        key,
        false,
        true,
        aux,
        columns,
        raw.size());
  }
}
