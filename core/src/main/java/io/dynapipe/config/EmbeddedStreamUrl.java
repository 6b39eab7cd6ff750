package io.dynapipe.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream in a file of the state directory.
 *
 * @param shards fixed when the stream is made; null for as many as it has, 1 in a new one
 * @param retention how long handled records are kept; null to drop them as soon as they are handled
 * @param maxBytes size at which writers have to wait for readers; null for the default
 * @param maxRecordBytes larger records go to the quarantine instead; null for no limit
 */
public record EmbeddedStreamUrl(
    @Nullable Integer shards,
    @Nullable Duration retention,
    @Nullable Long maxBytes,
    @Nullable Long maxRecordBytes)
    implements StreamUrl {

  /** The most shards that a stream in one file may have. */
  public static final int MAX_SHARDS = 256;

  /** One without a limit for records. */
  public EmbeddedStreamUrl(
      @Nullable Integer shards, @Nullable Duration retention, @Nullable Long maxBytes) {
    this(shards, retention, maxBytes, null);
  }

  @Override
  public String toString() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (shards != null) {
      parameters.put("shards", shards.toString());
    }
    if (retention != null) {
      parameters.put("retention", Durations.format(retention));
    }
    if (maxBytes != null) {
      parameters.put("max_bytes", ByteSizes.format(maxBytes));
    }
    if (maxRecordBytes != null) {
      parameters.put("max_record_bytes", ByteSizes.format(maxRecordBytes));
    }
    return "embedded:" + Parameters.redacted(parameters);
  }
}
