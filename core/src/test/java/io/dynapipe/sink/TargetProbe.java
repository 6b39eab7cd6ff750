package io.dynapipe.sink;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;

/** What the contract needs of a target besides its sink: to look at it as a person would. */
public interface TargetProbe extends AutoCloseable {

  /**
   * A sink on this target, with this layout for tables that it makes. It gives up passing trouble
   * after a few seconds. The contract closes it.
   */
  Sink open(Layout layout);

  /**
   * All rows of the target table by a query of the target's own, each as {@link CanonicalRow#read}
   * spells it, sorted. Sees everything that a finished {@link Sink#write} wrote.
   */
  List<String> rows(TableSchema schema);

  /** Whether the target has such a table. */
  boolean exists(TableName table);

  /**
   * Makes a table as a person would before the first load: one column {@code data} for whole rows,
   * no key.
   */
  void createDataTable(TableName table);

  /** Column names and types of the target table in the target's words, for comparing. */
  String describe(TableName table);

  /** Drops all tables of {@link SinkContract#SCHEMA} and everything of the sink's bookkeeping. */
  void reset();

  @Override
  void close();
}
