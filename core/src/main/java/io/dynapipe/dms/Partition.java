package io.dynapipe.dms;

import org.jspecify.annotations.Nullable;

/**
 * Where a record goes in the stream.
 *
 * @param value what the metadata tells as {@code partition-key-value}; null for {@code
 *     schema-table}, whose records do not carry it
 * @param key the stream's partition key, 1 to 256 characters
 */
public record Partition(PartitionType type, @Nullable String value, String key) {}
