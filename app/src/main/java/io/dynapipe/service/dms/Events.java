package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** What happened to instances and tasks: recorded, and told by DescribeEvents. Thread-safe. */
public final class Events {

  /** Where an event happened. */
  public enum Source {
    INSTANCE("replication-instance"),
    TASK("replication-task"),
    REPLICATION("replication");

    private final String type;

    Source(String type) {
      this.type = type;
    }
  }

  private static final int MAX_KEPT = 2_000;

  /** AWS keeps events for 14 days; it tells those of the last hour unless asked for more. */
  private static final Duration KEPT = Duration.ofDays(14);

  private static final Duration TOLD = Duration.ofHours(1);

  private final Registry registry;
  private final Clock clock;

  public Events(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** Records an event. */
  public void record(Source source, String identifier, String category, String message) {
    Instant now = clock.instant();
    ObjectNode event = Json.object();
    event.put("SourceIdentifier", identifier);
    event.put("SourceType", source.type);
    event.put("Message", message);
    event.putArray("EventCategories").add(category);
    event.set("Date", Json.seconds(now));
    ObjectNode kept = Json.object();
    kept.put("millis", now.toEpochMilli());
    registry.create(Kind.EVENT, UUID.randomUUID().toString(), event, kept);
    trim(now);
  }

  private void trim(Instant now) {
    List<Resource> all = registry.all(Kind.EVENT);
    long oldest = now.minus(KEPT).toEpochMilli();
    for (int i = 0; i < all.size(); i++) {
      Resource event = all.get(i);
      if (all.size() - i > MAX_KEPT || millis(event) < oldest) {
        registry.remove(Kind.EVENT, event.key());
      }
    }
  }

  private static long millis(Resource event) {
    return event.kept().path("millis").longValue();
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "DescribeEvents",
            "Tells what happened to instances, tasks and replications: the last hour unless a time"
                + " is given, 14 days at most.",
            InputShape.of(
                "SourceIdentifier SourceType:replication-instance|replication-task|replication",
                "StartTime:time EndTime:time Duration:integer EventCategories:texts",
                Listing.INPUT),
            this::describe),
        Operation.of(
            "DescribeEventCategories",
            "Lists the categories of events.",
            InputShape.of("SourceType Filters:objects"),
            this::categories));
  }

  private ObjectNode describe(Input input) {
    Instant now = clock.instant();
    Instant end = Objects.requireNonNullElse(input.time("EndTime"), now);
    Instant start = input.time("StartTime");
    long minutes = input.integer("Duration", 0);
    if (start != null && minutes != 0) {
      throw Fault.invalidCombination("StartTime and Duration cannot be given together.");
    }
    if (minutes < 0 || minutes > KEPT.toMinutes()) {
      throw Fault.invalidValue("Duration must be between 1 and " + KEPT.toMinutes() + " minutes.");
    }
    Instant from =
        start != null ? start : end.minus(minutes == 0 ? TOLD : Duration.ofMinutes(minutes));
    List<String> categories = input.texts("EventCategories");
    List<Resource> events =
        registry.all(Kind.EVENT).stream()
            .filter(event -> millis(event) >= from.toEpochMilli())
            .filter(event -> millis(event) <= end.toEpochMilli())
            .filter(event -> matches(event, "SourceIdentifier", input))
            .filter(event -> matches(event, "SourceType", input))
            .filter(event -> categories.isEmpty() || categories.contains(category(event)))
            .toList();
    return new Listing<Resource>(input, event -> Listing.order(event.sequence()))
        .filter("replication-instance-id", event -> event.text("SourceIdentifier"))
        .answer("Events", events, Resource::shown);
  }

  private static String category(Resource event) {
    return event.shown().path("EventCategories").path(0).asText();
  }

  private static boolean matches(Resource event, String member, Input input) {
    String wanted = input.text(member);
    return wanted == null || wanted.equals(event.text(member));
  }

  private ObjectNode categories(Input input) {
    ObjectNode answer = Json.object();
    ArrayNode groups = answer.putArray("EventCategoryGroupList");
    for (Source source : Source.values()) {
      String wanted = input.text("SourceType");
      if (wanted == null || wanted.equals(source.type)) {
        ObjectNode group = groups.addObject();
        group.put("SourceType", source.type);
        ArrayNode names = group.putArray("EventCategories");
        List.of("creation", "deletion", "failure", "state change", "configuration change")
            .forEach(names::add);
      }
    }
    return answer;
  }
}
