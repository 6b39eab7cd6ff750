package io.dynapipe.task;

import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.PartitionRule;
import io.dynapipe.source.TableSelection;

/**
 * What a task is to do.
 *
 * @param id the resource part of the task's ARN; goes into partition keys of table changes
 * @param maxFullLoadSubTasks how many readers a full load has
 * @param severalShards whether the stream has, so that changed keys have to be split
 */
public record TaskDefinition(
    String id,
    MigrationType migrationType,
    TableSelection tables,
    TablePreparation preparation,
    DmsSettings dms,
    PartitionRule partitionRule,
    int maxFullLoadSubTasks,
    boolean severalShards) {

  EventEncoder encoder() {
    return new EventEncoder(dms, id, partitionRule, severalShards);
  }
}
