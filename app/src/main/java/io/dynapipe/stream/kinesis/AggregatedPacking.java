package io.dynapipe.stream.kinesis;

import io.dynapipe.stream.Aggregated;
import io.dynapipe.stream.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * Waiting records of a slice of the hash space travel in one Kinesis record, in the framing of the
 * Kinesis Producer Library.
 *
 * <p>The slices are fixed and every record is routed by the begin of its slice, so that a slice's
 * records stay in one line of shards, whatever becomes of the shards. The Producer Library routes
 * by the shards it knows; when those are split, it writes records again elsewhere, behind later
 * ones.
 */
final class AggregatedPacking implements Packing {

  /** Divides shards of any usual number nearly evenly; 1/4096 of the space is 0.02 %. */
  private static final int SLICE_BITS = 12;

  /** As the Producer Library does by default: larger ones make a failure dearer. */
  private static final int MAX_BYTES = 51_200;

  private final String[] sliceBegins = new String[1 << SLICE_BITS];

  AggregatedPacking() {
    for (int slice = 0; slice < sliceBegins.length; slice++) {
      long high = (long) slice << (Long.SIZE - SLICE_BITS);
      sliceBegins[slice] = new HashKey(high, 0).toString();
    }
  }

  @Override
  public String laneKey(StreamRecord record) {
    long high = HashKey.of(record.partitionKey()).high();
    return sliceBegins[(int) (high >>> (Long.SIZE - SLICE_BITS))];
  }

  @Override
  public HashKey hash(String laneKey) {
    return HashKey.parse(laneKey);
  }

  @Override
  public int nextBytes(Lane lane) {
    int bytes = 0;
    int count = 0;
    for (Entry entry : lane.waiting) {
      if (count > 0 && !fits(bytes, entry)) {
        break;
      }
      bytes += framed(entry);
      count++;
    }
    return count == 1 ? lane.waiting.element().bytes() : bytes + frame(lane);
  }

  @Override
  public Parcel take(Lane lane) {
    List<Entry> entries = new ArrayList<>();
    int bytes = 0;
    while (!lane.waiting.isEmpty() && (entries.isEmpty() || fits(bytes, lane.waiting.element()))) {
      Entry entry = lane.waiting.remove();
      bytes += framed(entry);
      entries.add(entry);
    }
    StreamRecord first = entries.get(0).record();
    byte[] data =
        entries.size() == 1
            ? first.data()
            : Aggregated.frame(entries.stream().map(Entry::record).toList(), lane.key);
    PutRecordsRequestEntry wire =
        PutRecordsRequestEntry.builder()
            .partitionKey(first.partitionKey())
            .explicitHashKey(lane.key)
            .data(SdkBytes.fromByteArrayUnsafe(data))
            .build();
    return new Parcel(lane, entries, wire, data.length + entries.get(0).keyBytes());
  }

  private static boolean fits(int bytes, Entry next) {
    return bytes + framed(next) <= MAX_BYTES;
  }

  private static int framed(Entry entry) {
    return entry.bytes() + Aggregated.RECORD_OVERHEAD;
  }

  private static int frame(Lane lane) {
    return Aggregated.FRAME_OVERHEAD + lane.waiting.element().keyBytes();
  }
}
