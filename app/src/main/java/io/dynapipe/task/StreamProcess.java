package io.dynapipe.task;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.processor.DefinitionWait;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.kinesis.KinesisOptions;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.stream.kinesis.kcl.KclWorker;
import io.dynapipe.stream.kinesis.kcl.ShardHandler;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a Kinesis stream to a sink: all of it in this process, with checkpoints in the sink's
 * database; or, when the URL names an application, as one worker of a fleet that shares the shards
 * by leases. Opened together, closed in reverse. Thread-safe; runs once.
 */
public final class StreamProcess implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Runnable start;
  private final Supplier<@Nullable PipelineException> failure;

  private StreamProcess(
      KinesisUrl url,
      SinkUrl sinkUrl,
      Layout layout,
      Set<String> jsonColumns,
      TaskStatistics statistics) {
    try {
      Sink sink = keep(Sinks.open(sinkUrl, layout, jsonColumns));
      KinesisStream stream = keep(KinesisStream.open(url));
      if (KinesisOptions.of(url).worker() == null) {
        StreamApplier applier = keep(applier(url, stream, sink, statistics));
        start = applier::start;
        failure = applier::failure;
      } else {
        KclWorker worker = keep(worker(url, sink, statistics));
        start = worker::start;
        failure = worker::failure;
      }
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
  }

  private StreamApplier applier(
      KinesisUrl url, KinesisStream stream, Sink sink, TaskStatistics statistics) {
    Checkpoints checkpoints = new SinkCheckpoints(sink.bookmarks(), stream.identity());
    RecordReader reader =
        keep(stream.reader(shard -> checkpoints.load(Pipeline.CONSUMER, shard) != null));
    return new StreamApplier(
        url.streamName(), new StreamAccess(reader, checkpoints), sink, statistics::applied);
  }

  private static KclWorker worker(KinesisUrl url, Sink sink, TaskStatistics statistics) {
    DefinitionWait definitions =
        new DefinitionWait(StreamApplier.DEFINITION_LIMIT, Clock.systemUTC());
    return new KclWorker(
        url,
        ProcessHandle.current().pid() + "-" + UUID.randomUUID(),
        shard -> {
          BatchProcessor processor =
              BatchProcessor.ofShard(new DmsDecoder(), sink, Clock.systemUTC(), definitions);
          BatchApplier applier = new BatchApplier(shard, processor, statistics::applied);
          ShardHandler handler =
              (records, marks, lease) -> applier.apply(records, marks::save, lease::getAsBoolean);
          return handler;
        });
  }

  /**
   * Opens stream and sink; nothing moves yet.
   *
   * @param statistics counts what becomes durable
   * @throws PipelineException (input, environment) with cause and cure
   */
  public static StreamProcess open(
      KinesisUrl streamUrl,
      SinkUrl sinkUrl,
      Layout layout,
      Set<String> jsonColumns,
      TaskStatistics statistics) {
    return new StreamProcess(streamUrl, sinkUrl, layout, jsonColumns, statistics);
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  public void start() {
    start.run();
  }

  /** Throws what ended it, if anything did. */
  public void throwFailure() {
    PipelineException reason = failure.get();
    if (reason != null) {
      throw reason;
    }
  }

  @Override
  public void close() {
    PipelineException problem = PipelineException.permanent("closing failed", null, null);
    closeAll(problem);
    if (problem.getSuppressed().length > 0) {
      throw problem;
    }
  }

  private void closeAll(RuntimeException into) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        into.addSuppressed(e);
      }
    }
  }
}
