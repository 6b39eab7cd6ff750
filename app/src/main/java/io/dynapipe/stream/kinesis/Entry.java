package io.dynapipe.stream.kinesis;

import io.dynapipe.stream.StreamRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * A record that is to be stored.
 *
 * @param keyBytes UTF-8 bytes of the partition key
 * @param replacement whether a handler of oversize records has made it
 */
record Entry(StreamRecord record, int keyBytes, Batch batch, boolean replacement) {

  /** What waiting costs in memory beside the data: key, objects, places in queues. */
  private static final int OVERHEAD = 128;

  static Entry of(StreamRecord record, Batch batch, boolean replacement) {
    batch.opened();
    return new Entry(record, utf8Length(record.partitionKey()), batch, replacement);
  }

  static List<Entry> replacements(List<StreamRecord> records, Batch batch) {
    List<Entry> entries = new ArrayList<>(records.size());
    for (StreamRecord record : records) {
      entries.add(of(record, batch, true));
    }
    return entries;
  }

  /** What the service counts. */
  int bytes() {
    return record.data().length + keyBytes;
  }

  long memoryBytes() {
    return (long) bytes() + OVERHEAD;
  }

  private static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a pair counts two of its four bytes.
      length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return length;
  }
}
