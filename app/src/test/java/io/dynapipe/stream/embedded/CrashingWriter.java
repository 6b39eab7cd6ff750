package io.dynapipe.stream.embedded;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.EmbeddedStore.Access;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * The process that {@link EmbeddedStreamCrashIT} kills: appends records that count on from the last
 * one stored, and prints the count that has been confirmed.
 */
final class CrashingWriter {

  static final EmbeddedStreamUrl SETTINGS = new EmbeddedStreamUrl(3, Duration.ofDays(1), null);
  static final String STREAM = "crash";

  private CrashingWriter() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedStore store = EmbeddedStore.open(Path.of(arguments[0]), Access.OWNER);
    EmbeddedStream stream = store.stream(STREAM, SETTINGS);
    RecordWriter writer = stream.writer();
    TaskState state = store.taskState("crash");
    Random random = new Random();
    long count = 0;
    for (List<StoredRecord> shard : readAll(stream)) {
      count = shard.isEmpty() ? count : Math.max(count, count(shard.get(shard.size() - 1)));
    }
    for (int batch = 1; ; batch++) {
      List<StreamRecord> records = new ArrayList<>();
      for (int i = random.nextInt(200); i >= 0; i--) {
        records.add(record(++count));
      }
      long confirmed = count;
      CompletableFuture<Void> stored =
          writer.write(records).thenRun(() -> System.out.println(confirmed));
      if (batch % 50 == 0) {
        stored.join();
        state.put("count", Long.toString(confirmed));
        System.out.println("state " + confirmed);
      }
    }
  }

  /** The records of each shard. */
  static List<List<StoredRecord>> readAll(EmbeddedStream stream) throws InterruptedException {
    List<List<StoredRecord>> shards = new ArrayList<>();
    try (RecordReader reader = stream.reader()) {
      for (String shard : reader.shards()) {
        List<StoredRecord> records = new ArrayList<>();
        SequenceNumber after = null;
        while (true) {
          List<StoredRecord> more = reader.read(shard, after, 1000, 1 << 20, Duration.ZERO);
          if (more.isEmpty()) {
            break;
          }
          records.addAll(more);
          after = more.get(more.size() - 1).sequenceNumber();
        }
        shards.add(records);
      }
    }
    return shards;
  }

  static long count(StoredRecord record) {
    return ByteBuffer.wrap(record.data()).getLong();
  }

  private static StreamRecord record(long count) {
    return new StreamRecord("key-" + count % 97, ByteBuffer.allocate(300).putLong(count).array());
  }
}
