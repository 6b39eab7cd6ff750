package io.dynapipe.stream.kinesis;

import io.dynapipe.stream.StreamRecord;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** Each record is a Kinesis record, as AWS DMS writes them; a partition key is a lane. */
final class PlainPacking implements Packing {

  @Override
  public String laneKey(StreamRecord record) {
    return record.partitionKey();
  }

  @Override
  public HashKey hash(String laneKey) {
    return HashKey.of(laneKey);
  }

  @Override
  public int nextBytes(Lane lane) {
    return lane.waiting.element().bytes();
  }

  @Override
  public Parcel take(Lane lane) {
    Entry entry = lane.waiting.remove();
    PutRecordsRequestEntry wire =
        PutRecordsRequestEntry.builder()
            .partitionKey(entry.record().partitionKey())
            .data(SdkBytes.fromByteArrayUnsafe(entry.record().data()))
            .build();
    return new Parcel(lane, List.of(entry), wire, entry.bytes());
  }
}
