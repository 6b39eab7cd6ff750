package io.dynapipe.stream.kinesis;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** A stream of Amazon Kinesis Data Streams. Thread-safe. */
public final class KinesisStream implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KinesisStream.class);

  /** How long passing trouble may last when a stream is opened: then somebody is waiting. */
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(20);

  /** AWS says up to minutes for large streams. */
  private static final Duration CREATION_LIMIT = Duration.ofMinutes(10);

  /** Connections beside those of the writer: readers of many shards poll in turn. */
  private static final int OTHER_CONNECTIONS = 50;

  private static final Backoff WRITE_BACKOFF =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  private static final int DEFAULT_MAX_RECORD_KIB = 1024;

  private final KinesisUrl url;
  private final KinesisOptions options;
  private final KinesisService service;

  private KinesisStream(KinesisUrl url, KinesisOptions options, KinesisService service) {
    this.url = url;
    this.options = options;
    this.service = service;
  }

  /**
   * Opens a stream, and makes it first when it is missing and the URL says so.
   *
   * @throws PipelineException (input) for wrong options, (environment) when the stream or a
   *     permission is missing, (retryable) when the service cannot be reached
   */
  public static KinesisStream open(KinesisUrl url) {
    KinesisOptions options = KinesisOptions.of(url);
    int connections = options.writer().requestsInFlight() + OTHER_CONNECTIONS;
    KinesisStream stream =
        new KinesisStream(
            url, options, new KinesisService(KinesisClients.once(url, connections), url));
    try {
      stream.awaitActive();
      return stream;
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private void awaitActive() {
    StreamDescriptionSummary summary = describe(OPEN_LIMIT);
    if (summary == null && options.create()) {
      create();
    } else if (summary == null) {
      throw PipelineException.environment(
          "there is no stream '" + url.streamName() + "' in " + url.region(),
          "See that region, account and name are right, or give create=true to make the stream.",
          null);
    }
    String doing = "waiting for stream '" + url.streamName() + "'";
    Boolean unused =
        Calls.retrying(
            doing,
            CREATION_LIMIT,
            () -> {
              StreamDescriptionSummary now = describe(OPEN_LIMIT);
              StreamStatus status = now == null ? StreamStatus.CREATING : now.streamStatus();
              return status == StreamStatus.CREATING || status == StreamStatus.DELETING
                  ? CompletableFuture.failedFuture(
                      PipelineException.retryable(doing + ": it is " + status, null))
                  : CompletableFuture.completedFuture(true);
            });
  }

  private void create() {
    CreateStreamRequest.Builder request =
        CreateStreamRequest.builder().streamName(url.streamName());
    Integer shards = options.shards();
    if (shards == null) {
      request.streamModeDetails(mode -> mode.streamMode(StreamMode.ON_DEMAND));
    } else {
      request.shardCount(shards).streamModeDetails(mode -> mode.streamMode(StreamMode.PROVISIONED));
    }
    Boolean made =
        Calls.retrying(
            "CreateStream",
            OPEN_LIMIT,
            () ->
                service
                    .client()
                    .createStream(request.build())
                    .handle(KinesisStream::madeByUsOrAnother));
    if (made) {
      LOG.info(
          "made stream '{}' in {} with {}",
          url.streamName(),
          url.region(),
          shards == null ? "on-demand capacity" : shards + " shards");
    }
  }

  private static boolean madeByUsOrAnother(@Nullable Object answer, @Nullable Throwable error) {
    if (error != null && !KinesisErrors.code(error).equals(KinesisErrors.IN_USE)) {
      throw KinesisErrors.translate("CreateStream", error);
    }
    return error == null;
  }

  /** Null when there is no such stream. */
  private @Nullable StreamDescriptionSummary describe(Duration limit) {
    try {
      return Calls.retrying(
          "DescribeStreamSummary",
          limit,
          () ->
              service
                  .client()
                  .describeStreamSummary(
                      request -> request.streamName(service.name()).streamARN(service.arn()))
                  .thenApply(answer -> answer.streamDescriptionSummary()));
    } catch (PipelineException e) {
      Throwable cause = e.getCause();
      if (cause != null && KinesisErrors.code(cause).equals(KinesisErrors.NOT_FOUND)) {
        return null;
      }
      throw e;
    }
  }

  /** Tells this stream from all others, whatever the URL's parameters say. */
  public String identity() {
    return url.arn() == null ? url.region() + "/" + url.streamName() : url.arn();
  }

  /** A writer; each has its own order of keys, so there should be one. */
  public KinesisWriter writer(OversizeHandler oversize) {
    StreamDescriptionSummary summary = describe(OPEN_LIMIT);
    Integer kib = summary == null ? null : summary.maxRecordSizeInKiB();
    ShardMap map = Calls.retrying("ListShards", OPEN_LIMIT, service::shards);
    return new KinesisWriter(
        service,
        options.writer(),
        oversize,
        url.streamName(),
        new KinesisWriter.Limits(
            (kib == null ? DEFAULT_MAX_RECORD_KIB : kib) * 1024, map, WRITE_BACKOFF, identity()));
  }

  /**
   * A reader of all shards, for one process.
   *
   * @param begun whether there is a checkpoint for a shard: its parents were handled then
   */
  public KinesisReader reader(Predicate<String> begun) {
    return new KinesisReader(service, url.streamName(), options.stopWhenTrimmed(), begun);
  }

  @Override
  public void close() {
    service.client().close();
  }
}
