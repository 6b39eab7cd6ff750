package io.dynapipe.preflight;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a task would have to move.
 *
 * @param rows of all tables, by the planner's statistics; a table that was never analysed is taken
 *     to have rows as large as the sample's
 * @param bytes on disk, without indexes and without TOAST
 * @param sample how fast the largest table was read just now; null when it is too small to tell
 * @param changes what was written to the tables so far; null when the server has no statistics
 * @param crateColumns sub-columns that the tables' definitions come to in CrateDB
 * @param widest the most of them in one table
 */
public record Estimate(
    int tables,
    long rows,
    long bytes,
    @Nullable Sample sample,
    @Nullable Changes changes,
    long crateColumns,
    int widest) {

  /** A shard takes 1,000 records or 1 MB a second. */
  private static final double SHARD_RECORDS = 1_000;

  private static final double SHARD_BYTES = 1_000_000;

  /** An update with its before image, as AWS DMS writes it; the mean of captured ones. */
  private static final double EVENT_BYTES = 794;

  /**
   * A part of a table that was read by COPY, over one connection.
   *
   * @param table its name
   */
  public record Sample(String table, long rows, long bytes, Duration time) {

    /** Rows a second, of one reader and nothing behind it. */
    public double rowsPerSecond() {
      return rows / Math.max(1e-3, time.toNanos() / 1e9);
    }
  }

  /**
   * Rows inserted, updated and deleted.
   *
   * @param since when the server began to count
   */
  public record Changes(long rows, Instant since, Duration span) {

    /** The average. Peaks are higher. */
    public double perSecond() {
      return rows / (double) Math.max(1, span.toSeconds());
    }
  }

  /** How long one reader takes for all rows; null when that was not measured. */
  public @Nullable Duration loadTime() {
    return sample == null
        ? null
        : Duration.ofMillis(Math.round(1000 * rows / sample.rowsPerSecond()));
  }

  /** Shards of a Kinesis stream for the average of changes, at least one; null when not known. */
  public @Nullable Integer shards() {
    if (changes == null) {
      return null;
    }
    double rate = changes.perSecond();
    return (int)
        Math.max(1, Math.ceil(Math.max(rate / SHARD_RECORDS, rate * EVENT_BYTES / SHARD_BYTES)));
  }
}
