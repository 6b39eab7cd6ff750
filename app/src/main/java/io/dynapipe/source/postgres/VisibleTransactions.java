package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which transactions a snapshot shows. What it shows of a table that was loaded from it must not
 * come a second time from the stream: a table without a key would hold those rows twice, and the
 * others would go back in time for a while. Its text form can be stored.
 *
 * @param xmin every transaction before it is shown (64 bits, with epoch)
 * @param xmax none from here on is
 * @param open those in between that are not
 * @param position an end of the log that lies after the commit of each transaction that is shown
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT-PARTS">Snapshot
 *     components</a>
 */
public record VisibleTransactions(long xmin, long xmax, Set<Long> open, Lsn position) {

  private static final long EPOCH = 1L << 32;

  /** Copies the set. */
  public VisibleTransactions {
    open = Set.copyOf(open);
  }

  /**
   * Reads the text form: {@code pg_snapshot}'s, an at sign, the position.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static VisibleTransactions parse(String text) {
    String[] halves = text.split("@");
    String[] parts = halves[0].split(":", -1);
    if (halves.length != 2 || parts.length != 3) {
      throw new IllegalArgumentException("not the transactions of a snapshot: '" + text + "'");
    }
    Set<Long> open =
        Arrays.stream(parts[2].split(","))
            .filter(xid -> !xid.isEmpty())
            .map(Long::valueOf)
            .collect(Collectors.toSet());
    return new VisibleTransactions(
        Long.parseLong(parts[0]), Long.parseLong(parts[1]), open, Lsn.parse(halves[1]));
  }

  /**
   * Whether the snapshot shows a transaction.
   *
   * @param xid its lower 32 bits, as logical replication tells them
   * @param commit where it committed
   */
  public boolean show(long xid, Lsn commit) {
    if (commit.compareTo(position) >= 0) {
      return false;
    }
    long full = (xmax & -EPOCH) | xid;
    if (full > xmax + EPOCH / 2) {
      full -= EPOCH;
    } else if (full < xmax - EPOCH / 2) {
      full += EPOCH;
    }
    return full < xmin || (full < xmax && !open.contains(full));
  }

  @Override
  public String toString() {
    String xids = open.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    return xmin + ":" + xmax + ":" + xids + "@" + position;
  }
}
