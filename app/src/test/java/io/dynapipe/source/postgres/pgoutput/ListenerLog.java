package io.dynapipe.source.postgres.pgoutput;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what the decoder tells. */
final class ListenerLog implements PgOutputListener {

  private final List<String> lines = new ArrayList<>();

  List<String> lines() {
    return lines;
  }

  @Override
  public void begin(long commitLsn, long commitMicros, long xid) {
    lines.add("begin " + commitLsn + " " + commitMicros + " " + xid);
  }

  @Override
  public void commit(long endLsn) {
    lines.add("commit " + endLsn);
  }

  @Override
  public void relation(Relation relation) {
    lines.add(relation.toString());
  }

  @Override
  public void insert(long relation, Tuple row) {
    lines.add("insert " + relation + " " + text(row));
  }

  @Override
  public void update(long relation, @Nullable Tuple old, boolean oldIsWhole, Tuple row) {
    String before = old == null ? "" : (oldIsWhole ? "old " : "key ") + text(old) + " ";
    lines.add("update " + relation + " " + before + text(row));
  }

  @Override
  public void delete(long relation, Tuple old, boolean oldIsWhole) {
    lines.add("delete " + relation + " " + (oldIsWhole ? "old " : "key ") + text(old));
  }

  @Override
  public void truncate(long[] relations) {
    lines.add("truncate " + Arrays.toString(relations));
  }

  static String text(Tuple tuple) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < tuple.size(); i++) {
      values.add(
          switch (tuple.kind(i)) {
            case Tuple.NULL -> "NULL";
            case Tuple.UNCHANGED -> "UNCHANGED";
            default ->
                "'"
                    + new String(
                        tuple.bytes(), tuple.start(i), tuple.length(i), StandardCharsets.UTF_8)
                    + "'";
          });
    }
    return values.toString();
  }
}
