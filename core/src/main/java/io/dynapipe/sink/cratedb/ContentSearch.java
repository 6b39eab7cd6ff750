package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.cratedb.ValueEncoder.Fit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of a table without a key by what they hold. A digest of a row's content is made when
 * the row is written: after a column was renamed, dropped or given another type, the digest of the
 * same row is another one, and only its values tell it.
 */
final class ContentSearch {

  private final CrateClient client;
  private final OpenTable table;
  private final EventPlace place;

  ContentSearch(CrateClient client, OpenTable table, EventPlace place) {
    this.client = client;
    this.table = table;
    this.place = place;
  }

  /** What is asked for, and what a row found has to have beside its data. */
  private static final class Question {
    private final List<String> conditions = new ArrayList<>();
    private final JsonBuffer args = new JsonBuffer(256).raw('[');
    private final Map<String, String> texts = new HashMap<>();

    /** Columns whose texts a row has only when it was written to a table with a place for them. */
    private final Set<String> spellings = new HashSet<>();

    boolean holds(Map<String, String> found) {
      Map<String, String> wanted = new HashMap<>(texts);
      wanted.keySet().removeIf(name -> spellings.contains(name) && !found.containsKey(name));
      return wanted.equals(found);
    }

    void equal(String reference, JsonBuffer value) {
      conditions.add(reference + " = ?");
      if (args.size() > 1) {
        args.raw(',');
      }
      args.raw(value.array(), 0, value.size());
    }
  }

  /**
   * Events of rows.
   *
   * @param complete whether there are no more
   */
  record Found(List<String> events, boolean complete) {}

  /** Rows with these values, as far as they are among the first {@code limit}; after a refresh. */
  Found find(Row row, int limit) {
    Question question = question(row);
    String aux = aux();
    JsonBuffer body = new JsonBuffer(1 << 10);
    body.raw("{\"stmt\":")
        .string(
            "SELECT "
                + place.event()
                + ", "
                + aux
                + " FROM "
                + table.target().sql()
                + " WHERE "
                + String.join(" AND ", question.conditions)
                + " ORDER BY 1 LIMIT "
                + limit)
        .raw(",\"args\":")
        .raw(question.args.raw(']').array(), 0, question.args.size())
        .raw('}');
    SqlAnswer answer = client.bulk(body.array(), body.size());
    if (answer.error() != null) {
      throw new TableTrouble(answer.error());
    }
    List<String> events = new ArrayList<>();
    for (List<@Nullable Object> found : answer.rows()) {
      if (question.holds(texts(row, found.get(1)))) {
        events.add(String.valueOf(found.get(0)));
      }
    }
    return new Found(events, answer.rows().size() < limit);
  }

  private Question question(Row row) {
    Question question = new Question();
    question.conditions.add(place.event() + " IS NOT NULL");
    RowPlan plan = table.plan(row.columns());
    JsonBuffer value = new JsonBuffer(64);
    for (int i = 0; i < row.size(); i++) {
      String name = row.columns().name(i);
      ValueEncoder encoder = plan.slot(i).encoder();
      Fit fit = Fit.NOT;
      if (row.kind(i).hasValue() && encoder != null) {
        fit = encoder.encode(value.clear(), row, i);
      }
      if (fit != Fit.NOT) {
        question.equal(table.target().reference(name), value);
      } else if (encoder != null) {
        question.conditions.add(table.target().reference(name) + " IS NULL");
      }
      if (row.kind(i).hasValue() && fit != Fit.EXACT) {
        question.texts.put(name, String.valueOf(row.text(i)));
        if (fit == Fit.RESPELLED) {
          question.spellings.add(name);
        }
      }
    }
    return question;
  }

  private String aux() {
    return switch (table.target().aux()) {
      case COLUMN -> "aux";
      case MEMBER -> SqlText.member("data", TargetTable.AUX_MEMBER);
      case ADDABLE, NONE -> "NULL";
    };
  }

  /** The exact texts of the row's columns that a row found has in {@code aux}. */
  private static Map<String, String> texts(Row row, @Nullable Object aux) {
    Map<String, String> texts = new HashMap<>();
    if (aux instanceof Map<?, ?> members) {
      members.forEach(
          (name, text) -> {
            if (text != null && row.kind(String.valueOf(name)) != ValueKind.ABSENT) {
              texts.put(String.valueOf(name), String.valueOf(text));
            }
          });
    }
    return texts;
  }
}
