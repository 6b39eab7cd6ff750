package io.dynapipe.sink.postgres;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements that change rows of one table. {@code t} is the table, {@code s} the rows that the
 * arrays bring; a set clause names them through a prefix, since it is {@code excluded} in an upsert
 * and {@code s} in an update.
 *
 * @param staged the arrays' columns
 * @param inserted target columns an insert fills, with the expressions over {@code s}
 * @param matches condition that the table under an alias is at the row of the new key
 * @param conflict columns for ON CONFLICT, or null when the table has no such unique key
 */
record TableSql(
    String table,
    List<StagedColumn> staged,
    List<Assignment> inserted,
    UnaryOperator<String> matches,
    @Nullable String conflict) {

  /** A target column, quoted, and what it gets. */
  record Assignment(String column, String expression) {}

  private String staged(String ordinality) {
    String casts =
        staged.stream()
            .map(c -> "u." + Sql.name(c.name()) + "::" + c.type() + " AS " + Sql.name(c.name()))
            .collect(Collectors.joining(", "));
    String names = staged.stream().map(c -> Sql.name(c.name())).collect(Collectors.joining(", "));
    String marks = staged.stream().map(c -> "?").collect(Collectors.joining(", "));
    String number = ordinality.isEmpty() ? "" : ", u." + ordinality;
    return "(SELECT "
        + casts
        + number
        + " FROM unnest("
        + marks
        + ")"
        + (ordinality.isEmpty() ? "" : " WITH ORDINALITY")
        + " AS u("
        + names
        + (ordinality.isEmpty() ? "" : ", " + ordinality)
        + "))";
  }

  String delete() {
    return "DELETE FROM "
        + table
        + " AS t USING "
        + staged("")
        + " AS s WHERE "
        + matches.apply("t");
  }

  /**
   * Inserts rows, or sets columns of those that are there.
   *
   * @param set the set clause for a prefix; empty when there is nothing to set
   */
  String upsert(UnaryOperator<String> set) {
    return conflict == null ? updateOrInsert(set) : insertOnConflict(set);
  }

  private String insertOnConflict(UnaryOperator<String> set) {
    String clause = set.apply("excluded");
    return insertInto("t")
        + staged("")
        + " AS s ON CONFLICT ("
        + conflict
        + (clause.isEmpty() ? ") DO NOTHING" : ") DO UPDATE SET " + clause);
  }

  /** For tables without a unique key: what the update does not find is inserted. */
  private String updateOrInsert(UnaryOperator<String> set) {
    String clause = set.apply("s");
    if (clause.isEmpty()) {
      Assignment any = inserted.get(0);
      clause = any.column() + " = t." + any.column();
    }
    return "WITH s AS MATERIALIZED "
        + staged("n")
        + ", updated AS (UPDATE "
        + table
        + " AS t SET "
        + clause
        + " FROM s WHERE "
        + matches.apply("t")
        + " RETURNING s.n) "
        + insertInto("t")
        + "s WHERE NOT EXISTS (SELECT FROM updated WHERE updated.n = s.n)";
  }

  private String insertInto(String alias) {
    return "INSERT INTO "
        + table
        + " AS "
        + alias
        + " ("
        + inserted.stream().map(Assignment::column).collect(Collectors.joining(", "))
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + inserted.stream().map(Assignment::expression).collect(Collectors.joining(", "))
        + " FROM ";
  }

  /**
   * Rows that change their key: the previous row takes the new key and the values. Where there is
   * none (a replay, or a row never seen), the new key's row takes the values, or is made.
   *
   * <p>Where both are there, this is a replay: the source had no row at the new key, so the
   * target's is the one that moved when this was applied first, and what it holds of unchanged
   * columns is right. The previous key's row may be any: a replay's, which may lack columns, or one
   * that took the key later and comes again.
   *
   * @param matchesPrevious like {@link #matches}, for the previous key, of the table under an alias
   * @param sameKey whether both keys are one to the target
   * @param setKey set clause for the new key; empty when the key is part of the values
   */
  List<String> move(
      UnaryOperator<String> matchesPrevious,
      String sameKey,
      String setKey,
      UnaryOperator<String> set) {
    String clause = set.apply("s");
    String source = staged("") + " AS s WHERE " + matchesPrevious.apply("t");
    return List.of(
        "DELETE FROM "
            + table
            + " AS t USING "
            + source
            + " AND NOT ("
            + sameKey
            + ") AND EXISTS (SELECT FROM "
            + table
            + " AS o WHERE "
            + matches.apply("o")
            + ")",
        "UPDATE "
            + table
            + " AS t SET "
            + setKey
            + (setKey.isEmpty() || clause.isEmpty() ? "" : ", ")
            + clause
            + " FROM "
            + source,
        upsert(set));
  }

  /** Inserts the rows whose event was not applied yet. */
  String append(String events) {
    return fresh(events)
        + " "
        + insertInto("t")
        + "s JOIN fresh ON fresh.event_id = s."
        + Sql.name(StagedColumn.EVENT);
  }

  /**
   * Deletes one equal row for each event that was not applied yet: equal rows are numbered on both
   * sides, and equal numbers meet.
   *
   * @param image the row as one jsonb, of a prefix
   * @param aux its exact texts, of a prefix
   */
  String removeOne(String events, UnaryOperator<String> image, UnaryOperator<String> aux) {
    return fresh(events)
        + ", wanted AS (SELECT i, a, row_number() OVER (PARTITION BY i, a) AS r FROM (SELECT "
        + image.apply("s")
        + " AS i, "
        + aux.apply("s")
        + " AS a FROM s JOIN fresh ON fresh.event_id = s."
        + Sql.name(StagedColumn.EVENT)
        + ") AS w), held AS (SELECT t.ctid AS c, "
        + image.apply("t")
        + " AS i, "
        + aux.apply("t")
        + " AS a, row_number() OVER (PARTITION BY "
        + image.apply("t")
        + ", "
        + aux.apply("t")
        + ") AS r FROM "
        + table
        + " AS t WHERE "
        + image.apply("t")
        + " IN (SELECT i FROM wanted)) DELETE FROM "
        + table
        + " AS t USING held JOIN wanted ON held.i = wanted.i AND held.r = wanted.r"
        + " AND held.a IS NOT DISTINCT FROM wanted.a WHERE t.ctid = held.c";
  }

  private String fresh(String events) {
    String event = Sql.name(StagedColumn.EVENT);
    return "WITH s AS MATERIALIZED (SELECT DISTINCT ON ("
        + event
        + ") * FROM "
        + staged("")
        + " AS d), fresh AS (INSERT INTO "
        + events
        + " SELECT "
        + event
        + " FROM s ON CONFLICT DO NOTHING RETURNING event_id)";
  }
}
