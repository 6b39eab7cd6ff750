package io.dynapipe.service.engine;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.stream.embedded.EmbeddedStream;
import io.dynapipe.task.StreamAccess;
import io.dynapipe.task.StreamApplier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded streams, and one applier for each that brings it to the sink. Streams that were
 * there before are applied from the beginning, whether a task writes them or not. Thread-safe.
 */
public final class StreamHub implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamHub.class);

  /** Kinesis keeps records for a day unless told otherwise; the oldest go when the disk is full. */
  private static final EmbeddedStreamUrl SETTINGS =
      new EmbeddedStreamUrl(null, Duration.ofHours(24), null);

  /** An open stream with its applier. */
  private static final class Entry {
    final EmbeddedStream stream;
    final RecordReader reader;
    @Nullable StreamApplier applier;

    Entry(EmbeddedStream stream) {
      this.stream = stream;
      this.reader = stream.reader();
    }
  }

  private final EmbeddedStore store;
  private final Supplier<Sink> openSink;
  private final BiConsumer<String, BatchOutcome> onOutcome;
  private final Map<String, Entry> open = new HashMap<>();
  private @Nullable Sink sink;
  private boolean closed;

  /**
   * A hub.
   *
   * @param openSink called until it gives a sink
   * @param onOutcome told what became of each batch of a stream
   */
  StreamHub(
      EmbeddedStore store, Supplier<Sink> openSink, BiConsumer<String, BatchOutcome> onOutcome) {
    this.store = store;
    this.openSink = openSink;
    this.onOutcome = onOutcome;
  }

  /**
   * Makes a stream that is not there, without a look at the sink: it is applied once it is opened.
   *
   * @throws PipelineException when the state directory cannot be used
   */
  public void make(String name) {
    var unused = store.stream(name, SETTINGS);
  }

  /**
   * Opens a stream, which is made when it is not there, and begins to apply it.
   *
   * @throws PipelineException when the state directory cannot be used
   */
  public synchronized EmbeddedStream open(String name) {
    return entry(name).stream;
  }

  private Entry entry(String name) {
    Entry entry = open.get(name);
    if (entry == null) {
      EmbeddedStream stream = store.stream(name, SETTINGS);
      stream.addConsumer(StreamApplier.CONSUMER);
      entry = new Entry(stream);
      open.put(name, entry);
      apply(name, entry);
    }
    return entry;
  }

  RecordWriter writer(String name) {
    return open(name).writer();
  }

  /** Names of all streams there are. */
  public List<String> names() {
    return store.streamNames();
  }

  /** Opens the streams that are there, and begins to apply them. */
  synchronized void openAll() {
    names().forEach(this::entry);
  }

  private void apply(String name, Entry entry) {
    Sink target = sink();
    if (target == null || closed) {
      return;
    }
    StreamApplier applier =
        new StreamApplier(
            name,
            new StreamAccess(entry.reader, entry.stream.checkpoints()),
            target,
            outcome -> onOutcome.accept(name, outcome));
    applier.start();
    entry.applier = applier;
  }

  private @Nullable Sink sink() {
    if (sink == null) {
      try {
        sink = openSink.get();
      } catch (PipelineException e) {
        if (e.kind() == PipelineException.Kind.INPUT) {
          throw e;
        }
        LOG.warn("the sink cannot be opened; records wait in their streams: {}", e.getMessage());
      }
    }
    return sink;
  }

  /** Opens the sink if it could not be before, and lets streams go on that wait for it. */
  synchronized void retrySink() {
    for (Map.Entry<String, Entry> entry : open.entrySet()) {
      if (entry.getValue().applier == null) {
        apply(entry.getKey(), entry.getValue());
      }
    }
  }

  /** What ended the applying of a stream; null while it goes on. */
  synchronized @Nullable PipelineException failure(String name) {
    Entry entry = open.get(name);
    return entry == null || entry.applier == null ? null : entry.applier.failure();
  }

  /** Applies a stream again whose applier has failed. */
  synchronized void revive(String name) {
    Entry entry = open.get(name);
    if (entry != null && entry.applier != null && entry.applier.failure() != null) {
      entry.applier.close();
      entry.applier = null;
      apply(name, entry);
    }
  }

  /** The last record of each shard of a stream that is open. */
  synchronized Map<String, Long> ends(String name) {
    Map<String, Long> ends = new HashMap<>();
    Entry entry = open.get(name);
    if (entry != null) {
      entry.reader.shards().forEach(shard -> ends.put(shard, entry.stream.lastSequence(shard)));
    }
    return ends;
  }

  /** Whether all records up to these are applied, and their outcomes told. */
  synchronized boolean hasApplied(String name, Map<String, Long> ends) {
    Entry entry = open.get(name);
    if (entry == null || entry.applier == null) {
      return false;
    }
    Map<String, @Nullable SequenceNumber> told = entry.applier.told();
    return ends.entrySet().stream()
        .allMatch(end -> handled(entry, end.getKey(), told) >= end.getValue());
  }

  private static long handled(
      Entry entry, String shard, Map<String, @Nullable SequenceNumber> handled) {
    SequenceNumber last = handled.get(shard);
    return last == null ? entry.stream.trimmedThrough(shard) : Long.parseLong(last.digits());
  }

  /** How a stream is; null when it is not open. */
  synchronized @Nullable StreamGauges gauges(String name) {
    Entry entry = open.get(name);
    if (entry == null) {
      return null;
    }
    Map<String, @Nullable SequenceNumber> handled =
        entry.applier == null ? Map.of() : entry.applier.handled();
    long waiting = 0;
    long done = 0;
    for (String shard : entry.reader.shards()) {
      long from = handled(entry, shard, handled);
      waiting += Math.max(0, entry.stream.lastSequence(shard) - from);
      done += from;
    }
    PipelineException failure = entry.applier == null ? null : entry.applier.failure();
    return new StreamGauges(
        name,
        waiting,
        done,
        entry.applier == null ? 0 : entry.applier.oldestMillis(),
        entry.stream.storedBytes(),
        failure == null ? "" : String.valueOf(failure.getMessage()));
  }

  /** The sink, once it could be opened. */
  public synchronized @Nullable Sink openedSink() {
    return sink;
  }

  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Entry entry : open.values()) {
        if (entry.applier != null) {
          all.add(entry.applier);
        }
        all.add(entry.reader);
      }
      if (sink != null) {
        all.add(sink);
      }
    }
    for (AutoCloseable closeable : all) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("closing failed", e);
      }
    }
  }
}
