package io.dynapipe.task;

import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record in quarantine, with its entries: two when it changed a key, for it holds both.
 *
 * @param id of its first entry
 */
record QuarantinedRecord(String id, StoredRecord stored, List<QuarantineEntry> entries) {

  private record Identity(String shard, String sequenceNumber, String event) {
    static Identity of(QuarantineEntry entry) {
      return new Identity(entry.shard(), entry.sequenceNumber(), entry.event());
    }
  }

  /** Records by what they are, to find those that were set aside again. */
  static final class Index {
    private final Map<Identity, QuarantinedRecord> records = new LinkedHashMap<>();

    Index(List<QuarantinedRecord> records) {
      records.forEach(record -> this.records.put(Identity.of(record.entries.get(0)), record));
    }

    @Nullable QuarantinedRecord find(QuarantineEntry entry) {
      return records.get(Identity.of(entry));
    }
  }

  /**
   * The records of entries, in the order in which to apply them: each shard in its own order; among
   * shards, whose numbers do not compare, the one first that was set aside first.
   */
  static List<QuarantinedRecord> inOrder(List<QuarantineEntry> entries) {
    Map<Identity, List<QuarantineEntry>> byRecord = new LinkedHashMap<>();
    for (QuarantineEntry entry : entries) {
      byRecord.computeIfAbsent(Identity.of(entry), id -> new ArrayList<>(2)).add(entry);
    }
    Map<String, List<QuarantinedRecord>> byShard = new LinkedHashMap<>();
    byRecord.values().stream()
        .map(QuarantinedRecord::of)
        .forEach(
            record ->
                byShard
                    .computeIfAbsent(record.stored.shard(), shard -> new ArrayList<>())
                    .add(record));
    List<Deque<QuarantinedRecord>> shards = new ArrayList<>();
    for (List<QuarantinedRecord> shard : byShard.values()) {
      shard.sort(Comparator.comparing(record -> record.stored.sequenceNumber()));
      shards.add(new ArrayDeque<>(shard));
    }
    return merged(shards);
  }

  private static List<QuarantinedRecord> merged(List<Deque<QuarantinedRecord>> shards) {
    List<QuarantinedRecord> merged = new ArrayList<>();
    while (!shards.isEmpty()) {
      Deque<QuarantinedRecord> next = shards.get(0);
      for (Deque<QuarantinedRecord> shard : shards) {
        if (shard.element().quarantinedMillis() < next.element().quarantinedMillis()) {
          next = shard;
        }
      }
      merged.add(next.remove());
      if (next.isEmpty()) {
        shards.remove(next);
      }
    }
    return merged;
  }

  private static QuarantinedRecord of(List<QuarantineEntry> entries) {
    QuarantineEntry first = entries.get(0);
    for (QuarantineEntry entry : entries) {
      first = entry.id().length() < first.id().length() ? entry : first;
    }
    return new QuarantinedRecord(
        first.id(),
        new StoredRecord(
            first.shard(),
            SequenceNumber.parse(first.sequenceNumber()),
            "",
            first.event().getBytes(StandardCharsets.UTF_8),
            0),
        List.copyOf(entries));
  }

  private long quarantinedMillis() {
    return entries.get(0).quarantinedMillis();
  }

  List<String> entryIds() {
    return entries.stream().map(QuarantineEntry::id).toList();
  }
}
