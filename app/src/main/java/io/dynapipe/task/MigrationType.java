package io.dynapipe.task;

/**
 * What a task moves.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/APIReference/API_CreateReplicationTask.html">
 *     CreateReplicationTask, MigrationType</a>
 */
public enum MigrationType {
  FULL_LOAD("full-load"),
  CDC("cdc"),
  FULL_LOAD_AND_CDC("full-load-and-cdc");

  private final String text;

  MigrationType(String text) {
    this.text = text;
  }

  public boolean loads() {
    return this != CDC;
  }

  public boolean streams() {
    return this != FULL_LOAD;
  }

  /** As DMS spells it. */
  @Override
  public String toString() {
    return text;
  }
}
