package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import java.util.List;

/** What tells the server of which tables a task's slot decodes changes. Thread-safe. */
public interface PublishedTables {

  /**
   * Makes what is missing, or brings what the task made before to these tables.
   *
   * @return what to stream
   * @throws PipelineException (environment) when that is not allowed, or not possible
   */
  List<String> ensure(String name, List<SourceTable> tables);

  /** Drops what was made under this name; nothing happens when there is nothing. */
  void drop(String name);
}
