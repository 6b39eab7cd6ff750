package io.dynapipe.task;

import io.dynapipe.dms.DmsSettings;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.EventMapper;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.settings.BeforeImageSettings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.mapping.transform.BeforeImageColumns;
import io.dynapipe.source.postgres.PostgresSettings;

/**
 * What a task is to do. Immutable.
 *
 * @param id the resource part of the task's ARN; goes into partition keys of table changes
 * @param mappings which tables, and how they change on the way; with what the settings say for all
 *     tables
 * @param dms the form of its messages
 * @param window where CDC begins and ends
 * @param source what is told about the source beyond how to connect
 * @param severalShards whether the stream has, so that changed keys have to be split
 */
public record TaskDefinition(
    String id,
    MigrationType migrationType,
    TableMappings mappings,
    TaskSettings settings,
    DmsSettings dms,
    CdcWindow window,
    PostgresSettings source,
    boolean severalShards) {

  /**
   * Completes the parts by what the settings say of them.
   *
   * @throws PipelineException (input) when parts exclude each other
   */
  public TaskDefinition {
    mappings = mappings.with(settings.targetMetadata());
    BeforeImageSettings image = settings.beforeImage();
    if (image != null) {
      if (mappings.addsBeforeImageColumns()) {
        throw PipelineException.input(
            "BeforeImageSettings and a rule add-before-image-columns are given both",
            "Leave out one of them: old values come in a member or in columns of their own.");
      }
      dms = image.fieldName().isEmpty() ? dms : dms.withBeforeImageField(image.fieldName());
    }
    if (source.slot() != null && migrationType.loads()) {
      throw PipelineException.input(
          "a slot that exists is named for a task that loads",
          "A load needs the snapshot of a new slot: name none, or use migration type cdc.");
    }
    if (window.start() != null && source.slot() == null) {
      throw PipelineException.input(
          "CdcStartPosition is given without a slot",
          "Name the slot that keeps the changes from there on (SlotName of the endpoint, --slot).");
    }
  }

  /** A task with the defaults of everything else. */
  public static TaskDefinition of(String id, MigrationType type, TableMappings mappings) {
    return new TaskDefinition(
        id,
        type,
        mappings,
        TaskSettings.defaults(),
        DmsSettings.defaults(),
        CdcWindow.OPEN,
        PostgresSettings.DEFAULTS,
        false);
  }

  public TaskDefinition withSettings(TaskSettings other) {
    return new TaskDefinition(
        id, migrationType, mappings, other, dms, window, source, severalShards);
  }

  public TaskDefinition withMessages(DmsSettings other) {
    return new TaskDefinition(
        id, migrationType, mappings, settings, other, window, source, severalShards);
  }

  public TaskDefinition withWindow(CdcWindow other) {
    return new TaskDefinition(
        id, migrationType, mappings, settings, dms, other, source, severalShards);
  }

  public TaskDefinition withSource(PostgresSettings other) {
    return new TaskDefinition(
        id, migrationType, mappings, settings, dms, window, other, severalShards);
  }

  public TaskDefinition withSeveralShards(boolean several) {
    return new TaskDefinition(id, migrationType, mappings, settings, dms, window, source, several);
  }

  /** Which old values updates tell. */
  BeforeImageColumns beforeImage() {
    BeforeImageSettings image = settings.beforeImage();
    return image == null ? BeforeImageColumns.CHANGED_KEY : image.columns();
  }

  /** For one thread. */
  EventEncoder encoder() {
    return new EventEncoder(dms, id, new EventMapper(mappings, beforeImage()), severalShards);
  }
}
