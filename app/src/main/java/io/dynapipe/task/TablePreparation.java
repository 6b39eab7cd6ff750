package io.dynapipe.task;

/**
 * What happens to a target table before its load.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.FullLoad.html">
 *     FullLoadSettings, TargetTablePrepMode</a>
 */
public enum TablePreparation {
  /** Rows are added to what is there, or replace rows of the same key. */
  DO_NOTHING,
  /** A drop-table event comes before the create-table event. */
  DROP_AND_CREATE,
  /** A truncate-table event comes after the create-table event. */
  TRUNCATE_BEFORE_LOAD
}
