package io.dynapipe.task;

/**
 * Why a capture ended without a failure.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/APIReference/API_ReplicationTask.html">ReplicationTask,
 *     StopReason</a>
 */
public enum CaptureEnd {
  /** It was told to. */
  NORMAL,
  /** A full load without CDC is done. */
  FULL_LOAD_ONLY_FINISHED,
  /**
   * The load is done; changes made meanwhile are not taken ({@code ...CachedChangesNotApplied}).
   */
  STOPPED_AFTER_FULL_LOAD,
  /** The load and the changes made meanwhile are done ({@code ...CachedChangesApplied}). */
  STOPPED_AFTER_CACHED_EVENTS,
  /** The time of {@code CdcStopPosition} has come at the server. */
  STOPPED_AT_SERVER_TIME,
  /** A transaction committed at or after the time of {@code CdcStopPosition}. */
  STOPPED_AT_COMMIT_TIME
}
