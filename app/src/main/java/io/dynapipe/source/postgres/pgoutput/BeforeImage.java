package io.dynapipe.source.postgres.pgoutput;

/** What an update tells of the old row, beyond what is needed to find it. */
public enum BeforeImage {
  /** The key's old values, when they changed. */
  KEY,
  /** Every old value that the replica identity logs: the whole row when that is FULL. */
  ALL
}
