package io.dynapipe.service.logs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.AwsApi;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The API of CloudWatch Logs, as far as one reads logs with it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html">
 *     CloudWatch Logs API Reference</a>
 */
public final class LogsApi implements AutoCloseable {

  private static final String TARGET = "Logs_20140328";
  private static final String GROUP = "logGroupName logGroupIdentifier";
  private static final int MAX_LISTED = 50;
  private static final int MAX_EVENTS = 10_000;
  private static final int MAX_PATTERN = 1_024;

  private final LogStore store;
  private final LogNames names;
  private final LiveTails tails;
  private final AwsApi api;

  public LogsApi(LogStore store, Account account) {
    this.store = store;
    this.names = new LogNames(store, account);
    this.tails = new LiveTails(store, names);
    this.api = new AwsApi(TARGET, operations());
  }

  public AwsApi api() {
    return api;
  }

  private List<Operation> operations() {
    return List.of(
        Operation.of(
            "DescribeLogGroups",
            "Lists groups: dms-tasks-<instance> for tasks, dms-serverless-replication-<name> for"
                + " serverless replications.",
            InputShape.of(
                "logGroupNamePrefix logGroupNamePattern nextToken limit:integer",
                "logGroupIdentifiers:texts"),
            this::groups),
        Operation.of(
            "DescribeLogStreams",
            "Lists the streams of a group: dms-task-<id> for each task.",
            InputShape.of(
                GROUP,
                "logStreamNamePrefix orderBy:LogStreamName|LastEventTime descending:boolean",
                "nextToken limit:integer"),
            this::streams),
        Operation.of(
            "GetLogEvents",
            "Reads a stream forwards or backwards. The last 20,000 lines are kept.",
            InputShape.of(
                GROUP,
                "logStreamName! startTime:integer endTime:integer nextToken limit:integer",
                "startFromHead:boolean"),
            this::events),
        Operation.of(
            "FilterLogEvents",
            "Searches a group by time, stream and pattern (terms, phrases, -without, ?any,"
                + " %regex%).",
            InputShape.of(
                GROUP,
                "logStreamNames:texts logStreamNamePrefix startTime:integer endTime:integer",
                "filterPattern nextToken limit:integer interleaved:boolean"),
            this::filter),
        Operation.streaming(
            "StartLiveTail",
            "Follows up to ten groups, as an event stream.",
            InputShape.of(
                "logGroupIdentifiers!:texts logStreamNames:texts logStreamNamePrefixes:texts",
                "logEventFilterPattern"),
            tails::start));
  }

  private static int limit(Input input, int most) {
    long limit = input.integer("limit", most);
    if (limit < 1 || limit > most) {
      throw wrong("limit must be between 1 and " + most + ".");
    }
    return (int) limit;
  }

  static Fault wrong(String message) {
    return Fault.of("InvalidParameterException", message);
  }

  /** The place in a list where a token says to go on; tokens are places. */
  private static int place(@Nullable String token, int end) {
    if (token == null) {
      return 0;
    }
    try {
      return Math.min(Integer.parseUnsignedInt(token), end);
    } catch (NumberFormatException e) {
      throw wrong("The specified nextToken is invalid.");
    }
  }

  private <T> List<T> page(Input input, List<T> all, int most, ObjectNode answer) {
    int from = place(input.text("nextToken"), all.size());
    int to = Math.min(all.size(), from + limit(input, most));
    if (to < all.size()) {
      answer.put("nextToken", Integer.toString(to));
    }
    return all.subList(from, to);
  }

  private ObjectNode groups(Input input) {
    String prefix = input.text("logGroupNamePrefix");
    String pattern = input.text("logGroupNamePattern");
    if (prefix != null && pattern != null) {
      throw wrong("logGroupNamePrefix and logGroupNamePattern are mutually exclusive.");
    }
    List<String> wanted = input.texts("logGroupIdentifiers").stream().map(names::name).toList();
    String part = pattern == null ? "" : pattern.toLowerCase(Locale.ROOT);
    List<String> found =
        store.groups().stream()
            .filter(group -> prefix == null || group.startsWith(prefix))
            .filter(group -> group.toLowerCase(Locale.ROOT).contains(part))
            .filter(group -> wanted.isEmpty() || wanted.contains(group))
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("logGroups");
    for (String group : page(input, found, MAX_LISTED, answer)) {
      List<LogStream> streams = store.streams(group);
      ObjectNode one = shown.addObject();
      one.put("logGroupName", group);
      one.put("creationTime", streams.stream().mapToLong(LogStream::creationTime).min().orElse(0));
      one.put("metricFilterCount", 0);
      one.put("arn", names.arn(group) + ":*");
      one.put("storedBytes", streams.stream().mapToLong(LogStream::storedBytes).sum());
      one.put("logGroupClass", "STANDARD");
      one.put("logGroupArn", names.arn(group));
    }
    return answer;
  }

  private ObjectNode streams(Input input) {
    String group = names.group(input);
    String prefix = input.text("logStreamNamePrefix");
    boolean byTime = input.text("orderBy", "").equals("LastEventTime");
    if (prefix != null && byTime) {
      throw wrong("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    Comparator<LogStream> order =
        byTime
            ? Comparator.comparingLong(LogsApi::lastTime).thenComparing(LogStream::name)
            : Comparator.comparing(LogStream::name);
    List<LogStream> found =
        store.streams(group).stream()
            .filter(stream -> prefix == null || stream.name().startsWith(prefix))
            .sorted(input.bool("descending", false) ? order.reversed() : order)
            .toList();
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("logStreams");
    for (LogStream stream : page(input, found, MAX_LISTED, answer)) {
      List<LogEvent> events = stream.events();
      ObjectNode one = shown.addObject();
      one.put("logStreamName", stream.name());
      one.put("creationTime", stream.creationTime());
      if (!events.isEmpty()) {
        LogEvent last = events.get(events.size() - 1);
        one.put("firstEventTimestamp", events.get(0).timestamp());
        one.put("lastEventTimestamp", last.timestamp());
        one.put("lastIngestionTime", last.ingestionTime());
      }
      one.put("uploadSequenceToken", Long.toString(stream.creationTime()));
      one.put("arn", names.arn(group) + ":log-stream:" + stream.name());
      one.put("storedBytes", 0);
    }
    return answer;
  }

  private static long lastTime(LogStream stream) {
    List<LogEvent> events = stream.events();
    return events.isEmpty() ? 0 : events.get(events.size() - 1).timestamp();
  }

  private static Predicate<LogEvent> within(Input input) {
    long start = input.integer("startTime", Long.MIN_VALUE);
    long end = input.integer("endTime", Long.MAX_VALUE);
    if ((start != Long.MIN_VALUE && start < 0) || end < 0) {
      throw wrong("Times are milliseconds since 1970.");
    }
    return event -> event.timestamp() >= start && event.timestamp() < end;
  }

  private ObjectNode events(Input input) {
    String group = names.group(input);
    LogStream stream = names.stream(group, input.required("logStreamName"));
    List<LogEvent> events = stream.events().stream().filter(within(input)).toList();
    int most = limit(input, MAX_EVENTS);
    PageToken token = PageToken.parse(input.text("nextToken"));
    boolean forward = token == null ? input.bool("startFromHead", false) : token.isForward();
    List<LogEvent> page = new ArrayList<>();
    if (forward) {
      long from = token == null ? 0 : token.number();
      events.stream().filter(event -> event.number() >= from).limit(most).forEach(page::add);
    } else {
      long before = token == null ? Long.MAX_VALUE : token.number();
      List<LogEvent> older = events.stream().filter(event -> event.number() < before).toList();
      page.addAll(older.subList(Math.max(0, older.size() - most), older.size()));
    }
    long first = token == null ? 0 : token.number();
    long next = first;
    if (!page.isEmpty()) {
      first = page.get(0).number();
      next = page.get(page.size() - 1).number() + 1;
    }
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("events");
    for (LogEvent event : page) {
      ObjectNode one = shown.addObject();
      one.put("timestamp", event.timestamp());
      one.put("message", event.message());
      one.put("ingestionTime", event.ingestionTime());
    }
    answer.put("nextForwardToken", PageToken.forward(next));
    answer.put("nextBackwardToken", PageToken.backward(first));
    return answer;
  }

  private record Found(String stream, LogEvent event) {}

  private ObjectNode filter(Input input) {
    String group = names.group(input);
    Predicate<String> pattern = pattern(input.text("filterPattern"));
    Predicate<LogEvent> within = within(input);
    List<Found> found = new ArrayList<>();
    for (LogStream stream : names.streams(input, group)) {
      stream.events().stream()
          .filter(within)
          .filter(event -> pattern.test(event.message()))
          .forEach(event -> found.add(new Found(stream.name(), event)));
    }
    found.sort(Comparator.comparingLong(f -> f.event().timestamp()));
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray("events");
    for (Found one : page(input, found, MAX_EVENTS, answer)) {
      ObjectNode event = shown.addObject();
      event.put("logStreamName", one.stream());
      event.put("timestamp", one.event().timestamp());
      event.put("message", one.event().message());
      event.put("ingestionTime", one.event().ingestionTime());
      event.put("eventId", one.stream() + "/" + one.event().number());
    }
    answer.putArray("searchedLogStreams");
    return answer;
  }

  static Predicate<String> pattern(@Nullable String pattern) {
    if (pattern == null) {
      return line -> true;
    }
    if (pattern.length() > MAX_PATTERN) {
      throw wrong("A filter pattern has 1024 characters at most.");
    }
    try {
      return new FilterPattern(pattern);
    } catch (IllegalArgumentException e) {
      throw wrong("Invalid filter pattern: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    tails.close();
  }
}
