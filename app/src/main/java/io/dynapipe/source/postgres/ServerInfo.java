package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;

/**
 * What a server tells of itself.
 *
 * @param versionNumber {@code server_version_num}, such as 170005
 * @param walLevel {@code logical} is what replication slots need
 * @param currentWal the end of the log, at the time of asking
 */
public record ServerInfo(
    int versionNumber, String version, String walLevel, boolean inRecovery, Lsn currentWal) {

  /** Major version, such as 17. */
  public int major() {
    return versionNumber / 10_000;
  }
}
