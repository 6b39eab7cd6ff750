package io.dynapipe.task;

/**
 * How a task starts.
 *
 * @see <a href="https://docs.aws.amazon.com/dms/latest/APIReference/API_StartReplicationTask.html">
 *     StartReplicationTask, StartReplicationTaskType</a>
 */
public enum StartType {
  /** From the beginning; only for a task that has not begun. */
  START_REPLICATION("start-replication"),
  /** From where it stopped. */
  RESUME_PROCESSING("resume-processing"),
  /** From the beginning, whatever was before: the slot is made anew and all tables load again. */
  RELOAD_TARGET("reload-target");

  private final String text;

  StartType(String text) {
    this.text = text;
  }

  /** As DMS spells it. */
  @Override
  public String toString() {
    return text;
  }
}
