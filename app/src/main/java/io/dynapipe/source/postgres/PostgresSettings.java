package io.dynapipe.source.postgres;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint says about a PostgreSQL source beyond how to connect.
 *
 * @param plugin how changes are decoded
 * @param slot a slot that somebody made, to stream from; null for one that the task makes and drops
 * @param heartbeat how often a message is written to the source's log, so that the slot moves also
 *     when only other databases are written to; null for never
 * @param walBudgetBytes how much WAL the source may keep for the slot; from half of it on there are
 *     warnings
 * @param dropsSlot whether the slot is dropped when that is exceeded: the source's disk is safe
 *     then, and the task has to load again
 * @param reloadsRewritten whether a table is loaded again when a change of its definition (a column
 *     with a default, another type) may have given rows new values, which the log does not tell
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/APIReference/API_PostgreSQLSettings.html">PostgreSQLSettings</a>
 */
public record PostgresSettings(
    Plugin plugin,
    @Nullable String slot,
    @Nullable Duration heartbeat,
    long walBudgetBytes,
    boolean dropsSlot,
    boolean reloadsRewritten) {

  /** How the server decodes changes. */
  public enum Plugin {
    /** Part of every server. */
    PGOUTPUT("pgoutput"),
    /** The output plugin of the extension pglogical. */
    PGLOGICAL("pglogical_output");

    private final String outputPlugin;

    Plugin(String outputPlugin) {
      this.outputPlugin = outputPlugin;
    }

    /** What the slot is made with. */
    public String outputPlugin() {
      return outputPlugin;
    }
  }

  private static final long GIB = 1L << 30;

  /** pgoutput, a slot of our own, a heartbeat each five minutes, warnings from 8 GiB on. */
  public static final PostgresSettings DEFAULTS =
      new PostgresSettings(Plugin.PGOUTPUT, null, Duration.ofMinutes(5), 16 * GIB, false, true);

  public PostgresSettings withPlugin(Plugin other) {
    return new PostgresSettings(
        other, slot, heartbeat, walBudgetBytes, dropsSlot, reloadsRewritten);
  }

  public PostgresSettings withSlot(@Nullable String name) {
    return new PostgresSettings(
        plugin, name, heartbeat, walBudgetBytes, dropsSlot, reloadsRewritten);
  }

  public PostgresSettings withHeartbeat(@Nullable Duration interval) {
    return new PostgresSettings(
        plugin, slot, interval, walBudgetBytes, dropsSlot, reloadsRewritten);
  }

  /** The same with another budget; {@code drops} as {@link #dropsSlot}. */
  public PostgresSettings withWalBudget(long bytes, boolean drops) {
    return new PostgresSettings(plugin, slot, heartbeat, bytes, drops, reloadsRewritten);
  }

  public PostgresSettings withReloadsRewritten(boolean reloads) {
    return new PostgresSettings(plugin, slot, heartbeat, walBudgetBytes, dropsSlot, reloads);
  }
}
