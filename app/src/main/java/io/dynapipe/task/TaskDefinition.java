package io.dynapipe.task;

import io.dynapipe.dms.DmsSettings;
import io.dynapipe.mapping.EventMapper;
import io.dynapipe.mapping.TableMappings;

/**
 * What a task is to do.
 *
 * @param id the resource part of the task's ARN; goes into partition keys of table changes
 * @param mappings which tables, and how they change on the way
 * @param maxFullLoadSubTasks how many readers a full load has
 * @param severalShards whether the stream has, so that changed keys have to be split
 */
public record TaskDefinition(
    String id,
    MigrationType migrationType,
    TableMappings mappings,
    TablePreparation preparation,
    DmsSettings dms,
    int maxFullLoadSubTasks,
    boolean severalShards) {

  /** For one thread. */
  EventEncoder encoder() {
    return new EventEncoder(dms, id, new EventMapper(mappings), severalShards);
  }
}
