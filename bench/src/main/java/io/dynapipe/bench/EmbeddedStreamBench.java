package io.dynapipe.bench;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.stream.embedded.EmbeddedStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * How fast the embedded stream takes and gives records of a change event's size. The ceiling is a
 * plain file that takes the same bytes, flushed as often as the stream commits when it is busy.
 *
 * <p>Arguments: directory (on the disk to measure), records, shards.
 */
public final class EmbeddedStreamBench {

  private static final int RECORD_BYTES = 560;
  private static final int BATCH = 500;
  private static final int FLUSH_BYTES = 8 << 20;
  private static final int READ_RECORDS = 5_000;
  private static final int READ_BYTES = 4 << 20;

  private EmbeddedStreamBench() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "stream-bench");
    int records = Integer.parseInt(arguments[1]);
    int shards = Integer.parseInt(arguments[2]);
    double ceiling = plainFile(directory.resolve("plain"), records);
    try (EmbeddedStore store = EmbeddedStore.open(directory, EmbeddedStore.Access.OWNER)) {
      EmbeddedStream kept = store.stream("kept", new EmbeddedStreamUrl(shards, null, null));
      print("stream-append", append(kept, records), ceiling);
      print("stream-read", read(kept, records, false), ceiling);
      store.deleteStream("kept");
      EmbeddedStream piped = store.stream("piped", new EmbeddedStreamUrl(shards, null, null));
      piped.addConsumer("bench");
      CompletableFuture<Double> reading =
          CompletableFuture.supplyAsync(() -> read(piped, records, true));
      double appended = append(piped, records);
      print("stream-append-while-reading", appended, ceiling);
      print("stream-read-while-appending", reading.join(), ceiling);
    }
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static double plainFile(Path file, int records) throws IOException {
    long start = System.nanoTime();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(FLUSH_BYTES);
      for (long rest = (long) records * RECORD_BYTES; rest > 0; rest -= FLUSH_BYTES) {
        block.clear();
        channel.write(block);
        channel.force(false);
      }
    }
    double rate = rate(records, start);
    Files.delete(file);
    return rate;
  }

  private static double append(EmbeddedStream stream, int records) {
    Random random = new Random(1);
    List<StreamRecord> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      byte[] data = new byte[RECORD_BYTES];
      random.nextBytes(data);
      batch.add(new StreamRecord("public.foo." + (100_000 + i), data));
    }
    long start = System.nanoTime();
    try (RecordWriter writer = stream.writer()) {
      CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
      for (int written = 0; written < records; written += BATCH) {
        last = writer.write(batch);
      }
      last.join();
    }
    return rate(records, start);
  }

  private static double read(EmbeddedStream stream, int records, boolean checkpoint) {
    long start = System.nanoTime();
    try (RecordReader reader = stream.reader()) {
      List<CompletableFuture<Long>> shards = new ArrayList<>();
      long[] total = new long[1];
      for (String shard : reader.shards()) {
        shards.add(
            CompletableFuture.supplyAsync(
                () -> readShard(stream, reader, shard, records, total, checkpoint)));
      }
      shards.forEach(CompletableFuture::join);
    }
    return rate(records, start);
  }

  private static long readShard(
      EmbeddedStream stream,
      RecordReader reader,
      String shard,
      int records,
      long[] total,
      boolean checkpoint) {
    Checkpoints checkpoints = stream.checkpoints();
    SequenceNumber after = null;
    long read = 0;
    try {
      while (!isDone(total, records)) {
        List<StoredRecord> more =
            reader.read(shard, after, READ_RECORDS, READ_BYTES, Duration.ofMillis(100));
        if (!more.isEmpty()) {
          after = more.get(more.size() - 1).sequenceNumber();
          read += more.size();
          add(total, more.size());
          if (checkpoint) {
            checkpoints.save("bench", shard, after);
          }
        }
      }
      return read;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isDone(long[] total, int records) {
    synchronized (total) {
      return total[0] >= records;
    }
  }

  private static void add(long[] total, int records) {
    synchronized (total) {
      total[0] += records;
    }
  }

  private static double rate(int records, long start) {
    return records / ((System.nanoTime() - start) / 1e9);
  }

  private static void print(String name, double ours, double ceiling) {
    System.out.printf(
        Locale.ROOT,
        "{\"bench\":\"%s\",\"unit\":\"records/s\",\"ours\":%.0f,\"ceiling\":%.0f,\"ratio\":%.2f}%n",
        name,
        ours,
        ceiling,
        ours / ceiling);
  }
}
