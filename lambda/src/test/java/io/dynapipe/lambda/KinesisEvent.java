package io.dynapipe.lambda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Builds events as Lambda makes them of Kinesis records. */
final class KinesisEvent {

  static final String SHARD = "shardId-000000000006";

  private final List<String> records = new ArrayList<>();

  /** With records of one shard, numbered from this on. */
  static KinesisEvent of(String shard, long firstNumber, String... messages) {
    KinesisEvent event = new KinesisEvent();
    long number = firstNumber;
    for (String message : messages) {
      event.add(shard, sequenceNumber(number++), message);
    }
    return event;
  }

  static KinesisEvent of(long firstNumber, String... messages) {
    return of(SHARD, firstNumber, messages);
  }

  /** As long as Kinesis makes them. */
  static String sequenceNumber(long number) {
    return "4959033827149025660855969253836157109592157598913" + (6_000_000L + number);
  }

  KinesisEvent add(String shard, String sequenceNumber, String message) {
    records.add(
        """
        {"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"public.foo.1",\
        "sequenceNumber":"%s","data":"%s","approximateArrivalTimestamp":1545084650.987},\
        "eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"%s:%s",\
        "eventName":"aws:kinesis:record",\
        "invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda-role","awsRegion":"us-east-2",\
        "eventSourceARN":"arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"}\
        """
            .formatted(
                sequenceNumber,
                Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8)),
                shard,
                sequenceNumber));
    return this;
  }

  KinesisEvent and(KinesisEvent other) {
    records.addAll(other.records);
    return this;
  }

  @Override
  public String toString() {
    return "{\"Records\":[" + String.join(",", records) + "]}";
  }
}
