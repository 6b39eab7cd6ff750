package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The answer of a Describe operation: filtered, in pages. Items keep their order, and a marker
 * names the last one given, so that pages stay right when items come and go. One thread at a time.
 */
final class Listing<T> {

  /** What every Describe operation takes. */
  static final String INPUT = "Filters:objects MaxRecords:integer Marker";

  private static final int MIN_RECORDS = 20;
  private static final int DEFAULT_RECORDS = 100;

  private final Input input;
  private final Function<T, String> order;
  private final Map<String, Function<T, List<String>>> filters = new LinkedHashMap<>();
  private int maxRecords = 100;
  private String whatIsMissing = "";

  /**
   * A listing.
   *
   * @param order a text by which the items are in order
   */
  Listing(Input input, Function<T, String> order) {
    this.input = input;
    this.order = order;
  }

  /** A sequence number as text that is in the same order. */
  static String order(long sequence) {
    return String.format("%019d", sequence);
  }

  Listing<T> filter(String name, Function<T, String> value) {
    return filterAny(name, item -> List.of(value.apply(item)));
  }

  /** A filter that passes what has one of several values. */
  Listing<T> filterAny(String name, Function<T, List<String>> values) {
    filters.put(name, values);
    return this;
  }

  /** Allows larger pages than usual. */
  Listing<T> upTo(int records) {
    maxRecords = records;
    return this;
  }

  /**
   * Answers with a fault when a filter leaves nothing: waiters rely on it.
   *
   * @param what in the fault's message, such as {@code Replication task}
   */
  Listing<T> orNotFound(String what) {
    whatIsMissing = what;
    return this;
  }

  /**
   * One page.
   *
   * @param member under which the items are shown
   * @throws Fault when filters, marker or page size are wrong, or when nothing is left
   */
  ObjectNode answer(String member, List<T> all, Function<T, ObjectNode> show) {
    long size = input.integer("MaxRecords", Math.min(DEFAULT_RECORDS, maxRecords));
    if (size < MIN_RECORDS || size > maxRecords) {
      throw Fault.invalidValue(
          "Invalid value " + size + " for MaxRecords. Must be between 20 and " + maxRecords + ".");
    }
    List<T> left = filtered(all);
    String after = marker();
    ObjectNode answer = Json.object();
    ArrayNode items = answer.putArray(member);
    String last = "";
    for (T item : left) {
      if (order.apply(item).compareTo(after) > 0) {
        if (items.size() == size) {
          answer.put("Marker", encode(last));
          break;
        }
        items.add(show.apply(item));
        last = order.apply(item);
      }
    }
    return answer;
  }

  private List<T> filtered(List<T> all) {
    List<T> left = all;
    List<Input> given = input.objects("Filters");
    for (Input filter : given) {
      String name = filter.required("Name");
      Function<T, List<String>> value = filters.get(name);
      if (value == null) {
        throw Fault.invalidValue(
            "The filter '"
                + name
                + "' is not valid here. Valid filters: "
                + String.join(", ", new TreeSet<>(filters.keySet()))
                + ".");
      }
      if (!filter.node().path("Values").isArray()) {
        throw Fault.invalidValue("The filter '" + name + "' has no Values.");
      }
      List<String> wanted = filter.texts("Values");
      left =
          left.stream()
              .filter(item -> value.apply(item).stream().anyMatch(wanted::contains))
              .toList();
    }
    if (left.isEmpty() && !given.isEmpty() && !whatIsMissing.isEmpty()) {
      throw Fault.notFound("No " + whatIsMissing + " found matching provided filters.");
    }
    return left;
  }

  private String marker() {
    String marker = input.text("Marker");
    if (marker == null) {
      return "";
    }
    try {
      return new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Fault.invalidValue("Invalid value for Marker.");
    }
  }

  private static String encode(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }
}
