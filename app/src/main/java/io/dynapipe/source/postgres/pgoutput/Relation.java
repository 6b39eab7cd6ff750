package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.TableName;
import java.util.List;

/**
 * A Relation message: the shape of the tuples that follow for this oid, as of the change that is
 * being decoded.
 *
 * @param identity {@code d}efault, {@code n}othing, {@code f}ull or {@code i}ndex
 */
record Relation(long oid, TableName name, char identity, List<RelationColumn> columns) {

  Relation {
    columns = List.copyOf(columns);
  }

  /** The same under another name. */
  Relation withName(TableName other) {
    return new Relation(oid, other, identity, columns);
  }
}
