package io.dynapipe.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.processor.DefinitionWait;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The function: applies the records of a Kinesis event to the sink, and answers which record to
 * give again. One thread at a time, as Lambda calls.
 *
 * <p>A bad record does not fail the batch: it goes to the target's quarantine, and only its key
 * waits. What fails a batch is a sink that cannot be reached or used, and then the first record
 * whose effect is not durable is named; Lambda gives it and all after it again.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html">
 *     Configuring partial batch response with Kinesis Data Streams and Lambda</a>
 */
public final class KinesisHandler implements RequestStreamHandler {

  /** The JDK's two lines a message would be two events in CloudWatch. */
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private static final long WAIT_MILLIS = 50;

  private final HandlerSettings settings;
  private final OpenSink sink;
  private final Clock clock;
  private final DmsDecoder decoder = new DmsDecoder();
  private final DefinitionWait definitions;

  /**
   * For Lambda: configured by the environment.
   *
   * @throws PipelineException (input) listing all that is wrong with it
   */
  public KinesisHandler() {
    this(System.getenv(), Clock.systemUTC());
  }

  KinesisHandler(Map<String, String> environment, Clock clock) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%4$s %3$s %5$s%6$s%n");
    }
    this.settings = HandlerSettings.of(environment);
    this.sink = new OpenSink(settings);
    this.clock = clock;
    this.definitions = new DefinitionWait(settings.definitionLimit(), clock);
    sink.warmUp();
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    List<SequenceNumber> failed = new ArrayList<>();
    for (List<StoredRecord> batch : byShard(EventReader.read(event))) {
      BatchOutcome outcome = apply(batch, context);
      PipelineException failure = outcome.failure();
      if (outcome.firstFailed() != null && failure != null) {
        if (!settings.batchItemFailures()) {
          throw failure;
        }
        failed.add(outcome.firstFailed());
      }
    }
    answer.write(answer(failed));
  }

  /** Lambda gives records of one shard; should it ever give more, each has an order of its own. */
  private static Iterable<List<StoredRecord>> byShard(List<StoredRecord> records) {
    Map<String, List<StoredRecord>> shards = new LinkedHashMap<>();
    for (StoredRecord stored : records) {
      shards.computeIfAbsent(stored.shard(), shard -> new ArrayList<>()).add(stored);
    }
    return shards.values();
  }

  private BatchOutcome apply(List<StoredRecord> batch, Context context) {
    long began = clock.millis();
    BatchOutcome outcome = process(batch);
    long now = clock.millis();
    context
        .getLogger()
        .log(BatchLine.of(context.getAwsRequestId(), batch, outcome, now - began, now));
    return outcome;
  }

  /**
   * A processor remembers for a while what is in quarantine. Lambda gives the next batch of a shard
   * to any execution environment, and what another one has set aside must be known here: so each
   * batch has a processor of its own, which reads it anew.
   *
   * <p>What waits for other shards is asked for a little while here. When an answer can name the
   * record that waits, it does, and Lambda gives that and what follows again; else what was before
   * it is not given up, and comes again if this invocation fails.
   */
  private BatchOutcome process(List<StoredRecord> batch) {
    try {
      BatchProcessor processor = BatchProcessor.ofShard(decoder, sink.get(), clock, definitions);
      long deadline = clock.millis() + settings.retryLimit().toMillis();
      List<StoredRecord> rest = batch;
      BatchOutcome outcome = processor.process(rest);
      while (outcome.waiting() && clock.millis() < deadline) {
        if (outcome.records() > 0) {
          if (settings.batchItemFailures()) {
            return outcome;
          }
          rest = rest.subList(outcome.records(), rest.size());
        } else {
          Thread.sleep(WAIT_MILLIS);
        }
        outcome = processor.process(rest);
      }
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(batch, PipelineException.retryable("the invocation was interrupted", e));
    } catch (PipelineException e) {
      return failed(batch, e);
    }
  }

  private static BatchOutcome failed(List<StoredRecord> batch, PipelineException e) {
    return new BatchOutcome(batch.size(), Map.of(), 0, List.of(), batch.get(0).sequenceNumber(), e);
  }

  private static byte[] answer(List<SequenceNumber> failed) {
    JsonBuffer out = new JsonBuffer(128).raw("{\"batchItemFailures\":[");
    String comma = "";
    for (SequenceNumber number : failed) {
      out.raw(comma).raw("{\"itemIdentifier\":").string(number.digits()).raw('}');
      comma = ",";
    }
    return out.raw("]}").toBytes();
  }
}
