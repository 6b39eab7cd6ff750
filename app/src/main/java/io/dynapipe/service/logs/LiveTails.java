package io.dynapipe.service.logs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Answer;
import io.dynapipe.service.aws.EventStream;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Live tails: what comes is sent each second, 500 lines at most; a reader that is too slow loses
 * the oldest, and is told that it sees a sample.
 */
final class LiveTails implements AutoCloseable {

  private static final int MAX_GROUPS = 10;
  private static final int MAX_SESSIONS = 32;
  private static final int MAX_UPDATE = 500;
  private static final int MAX_WAITING = 5_000;
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration MAX_SESSION = Duration.ofHours(3);

  private final LogStore store;
  private final LogNames names;
  private final AtomicInteger sessions = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  LiveTails(LogStore store, LogNames names) {
    this.store = store;
    this.names = names;
  }

  Answer start(Input input) {
    List<String> identifiers = input.texts("logGroupIdentifiers");
    if (identifiers.isEmpty() || identifiers.size() > MAX_GROUPS) {
      throw LogsApi.wrong("logGroupIdentifiers must name 1 to 10 groups.");
    }
    List<String> streamNames = input.texts("logStreamNames");
    List<String> prefixes = input.texts("logStreamNamePrefixes");
    boolean byStream = !streamNames.isEmpty() || !prefixes.isEmpty();
    if ((byStream && identifiers.size() != 1) || (!streamNames.isEmpty() && !prefixes.isEmpty())) {
      throw LogsApi.wrong(
          "Give logStreamNames or logStreamNamePrefixes, and then exactly one log group.");
    }
    Set<String> groups = new HashSet<>();
    for (String identifier : identifiers) {
      if (!identifier.startsWith("arn:") || identifier.endsWith("*")) {
        throw LogsApi.wrong("logGroupIdentifiers are ARNs without :* at their end.");
      }
      groups.add(names.requireGroup(names.name(identifier)));
    }
    Predicate<String> pattern = LogsApi.pattern(input.text("logEventFilterPattern"));
    Predicate<String> stream =
        name ->
            !byStream || streamNames.contains(name) || prefixes.stream().anyMatch(name::startsWith);
    return new Answer.Events(
        out -> {
          if (sessions.incrementAndGet() > MAX_SESSIONS) {
            sessions.decrementAndGet();
            throw Fault.of("LimitExceededException", "There are 32 live tails already.");
          }
          try {
            tail(input, groups, stream, pattern, out);
          } finally {
            sessions.decrementAndGet();
          }
        });
  }

  private void tail(
      Input input,
      Set<String> groups,
      Predicate<String> streams,
      Predicate<String> pattern,
      EventStream out)
      throws IOException, InterruptedException {
    BlockingQueue<ObjectNode> waiting = new LinkedBlockingQueue<>();
    LogStore.Follower follower =
        (group, stream, event) -> {
          if (groups.contains(group) && streams.test(stream) && pattern.test(event.message())) {
            waiting.add(show(group, stream, event));
            if (waiting.size() > MAX_WAITING) {
              waiting.poll();
            }
          }
        };
    store.follow(follower);
    try {
      out.event("initial-response", Json.bytes(Json.object()));
      out.event("sessionStart", Json.bytes(sessionStart(input)));
      long end = System.nanoTime() + MAX_SESSION.toNanos();
      while (System.nanoTime() - end < 0) {
        List<ObjectNode> batch = new ArrayList<>();
        waiting.drainTo(batch, MAX_UPDATE);
        out.event("sessionUpdate", Json.bytes(update(batch, !waiting.isEmpty())));
        if (closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      out.exception(
          "SessionTimeoutException",
          Json.bytes(Json.object().put("message", "A live tail lasts three hours.")));
    } finally {
      store.unfollow(follower);
    }
  }

  private ObjectNode show(String group, String stream, LogEvent event) {
    ObjectNode shown = Json.object();
    shown.put("logStreamName", stream);
    shown.put("logGroupIdentifier", names.arn(group));
    shown.put("message", event.message());
    shown.put("timestamp", event.timestamp());
    shown.put("ingestionTime", event.ingestionTime());
    return shown;
  }

  private static ObjectNode sessionStart(Input input) {
    ObjectNode start = Json.object();
    start.put("requestId", UUID.randomUUID().toString());
    start.put("sessionId", UUID.randomUUID().toString());
    for (String member :
        List.of("logGroupIdentifiers", "logStreamNames", "logStreamNamePrefixes")) {
      ArrayNode list = start.putArray(member);
      input.texts(member).forEach(list::add);
    }
    start.put("logEventFilterPattern", input.text("logEventFilterPattern", ""));
    return start;
  }

  private static ObjectNode update(List<ObjectNode> events, boolean sampled) {
    ObjectNode update = Json.object();
    update.putObject("sessionMetadata").put("sampled", sampled);
    update.putArray("sessionResults").addAll(events);
    return update;
  }

  /** Ends all tails. */
  @Override
  public void close() {
    closed.countDown();
  }
}
