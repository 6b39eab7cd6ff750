package io.dynapipe.task;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Sink;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.stream.embedded.EmbeddedStream;
import io.dynapipe.stream.kinesis.KinesisOptions;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.stream.kinesis.OversizeHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Source, stream and sink in one process, opened together and closed in reverse. What it has done
 * is in its state directory, from which the next run goes on.
 */
public final class LocalPipeline implements AutoCloseable {

  private static final String STREAM = "main";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final PostgresServer source;
  private final CaptureProgress progress;
  private final CaptureTask capture;
  private final Pipeline pipeline;
  private final TaskStatistics statistics = new TaskStatistics();

  /**
   * Opens everything and checks the source; nothing moves yet.
   *
   * @param state directory of the embedded stream and of the task's progress
   * @throws PipelineException (input, environment) with cause and cure
   */
  public LocalPipeline(
      PostgresUrl sourceUrl,
      SinkUrl sinkUrl,
      Layout layout,
      StreamUrl streamUrl,
      Path state,
      TaskDefinition definition) {
    try {
      source = Sources.open(sourceUrl);
      Sink sink = keep(Sinks.open(sinkUrl, layout));
      EmbeddedStore store = keep(EmbeddedStore.open(state, EmbeddedStore.Access.OWNER));
      OpenStream stream =
          streamUrl instanceof KinesisUrl kinesis
              ? kinesis(kinesis, sink)
              : embedded(store, (EmbeddedStreamUrl) streamUrl, sink);
      progress = new StoredProgress(store.taskState(definition.id()), definition.source().slot());
      capture = new CaptureTask(definition, source, stream.writer(), progress, statistics);
      capture.preflight();
      pipeline = keep(new Pipeline(capture, stream.access(), sink, statistics));
    } catch (RuntimeException e) {
      closeQuietly(e);
      throw e;
    }
  }

  private record OpenStream(RecordWriter writer, StreamAccess access) {}

  private OpenStream embedded(EmbeddedStore store, EmbeddedStreamUrl url, Sink sink) {
    EmbeddedStream stream = store.stream(STREAM, url);
    Long limit = url.maxRecordBytes();
    RecordWriter unlimited = keep(stream.writer());
    RecordWriter writer =
        limit == null
            ? unlimited
            : new LimitedWriter(unlimited, limit, new OversizeRecords(false, sink.bookmarks()));
    RecordReader reader = keep(stream.reader());
    stream.addConsumer(Pipeline.CONSUMER);
    return new OpenStream(writer, new StreamAccess(reader, stream.checkpoints()));
  }

  private OpenStream kinesis(KinesisUrl url, Sink sink) {
    KinesisStream stream = keep(KinesisStream.open(url));
    Checkpoints checkpoints = new SinkCheckpoints(sink.bookmarks(), stream.identity());
    RecordWriter writer = keep(stream.writer(oversize(KinesisOptions.of(url).oversize(), sink)));
    RecordReader reader =
        keep(stream.reader(shard -> checkpoints.load(Pipeline.CONSUMER, shard) != null));
    return new OpenStream(writer, new StreamAccess(reader, checkpoints));
  }

  private static OversizeHandler oversize(String mode, Sink sink) {
    return mode.equals(KinesisOptions.STOP)
        ? OversizeHandler.REFUSE
        : new OversizeRecords(mode.equals(KinesisOptions.SPLIT), sink.bookmarks());
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  /**
   * Starts moving.
   *
   * @throws PipelineException (input) when the start type does not fit what was done before
   */
  public void start(StartType type) throws InterruptedException {
    boolean fresh = progress.phase() == CaptureProgress.Phase.NEW;
    switch (type) {
      case START_REPLICATION -> {
        if (!fresh) {
          throw PipelineException.input(
              "this task has begun before",
              "Use --start-type resume-processing to go on, or reload-target to load again.");
        }
      }
      case RESUME_PROCESSING -> {}
      case RELOAD_TARGET -> {
        if (!fresh) {
          capture.cleanUp();
          progress.reset();
        }
      }
    }
    pipeline.start();
  }

  public PostgresServer source() {
    return source;
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  public TaskStatistics statistics() {
    return statistics;
  }

  public CaptureProgress.Phase phase() {
    return progress.phase();
  }

  /** Why the capture ended without a failure; null while it runs. */
  public @Nullable CaptureEnd end() {
    return capture.end();
  }

  /** Whether the capture has ended by itself and all of it is applied. */
  public boolean isDone() throws InterruptedException {
    CaptureEnd end = capture.end();
    return pipeline.hasCaptureEnded()
        && end != null
        && end != CaptureEnd.NORMAL
        && pipeline.awaitDrained(Duration.ofSeconds(1));
  }

  /** Stops, and removes slot and publication from the source: this task will not go on. */
  public void abandon() throws InterruptedException {
    pipeline.close();
    capture.cleanUp();
  }

  @Override
  public void close() {
    PipelineException failure = PipelineException.permanent("closing failed", null, null);
    closeQuietly(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void closeQuietly(RuntimeException into) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        into.addSuppressed(e);
      }
    }
  }
}
