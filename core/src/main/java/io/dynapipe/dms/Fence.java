package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Extras;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our member {@code metadata.fence} of an event that stands in every shard of a stream, since all
 * of them must have come so far before it may be applied: a table change, or a row that moves from
 * one shard to another.
 *
 * @param stream tells streams apart that are applied to the same target
 * @param number grows from fence to fence of a stream
 * @param shards which the stream had when the event was written, in one order for all readers
 */
public record Fence(String stream, long number, List<String> shards) {

  private static final String MEMBER = "fence";
  private static final JsonFactory JSON = new JsonFactory();

  public Fence {
    shards = List.copyOf(shards);
  }

  /** Whether an event has a fence, readable or not. */
  public static boolean isOn(ChangeEvent event) {
    return event.extras().metadata().get(MEMBER) != null;
  }

  /**
   * The fence of an event; null when it has none.
   *
   * @throws PipelineException (permanent) when it has one that cannot be read
   */
  public static @Nullable Fence of(ChangeEvent event) {
    String json = event.extras().metadata().get(MEMBER);
    if (json == null) {
      return null;
    }
    try (JsonParser in = JSON.createParser(json)) {
      return read(in);
    } catch (IOException e) {
      throw PipelineException.permanent(
          "'metadata.fence' of " + event.table() + " cannot be read: " + e.getMessage(),
          "It is written by Dynapipe only; a newer version may know more.",
          e);
    }
  }

  private static Fence read(JsonParser in) throws IOException {
    String stream = "";
    long number = 0;
    List<String> shards = new ArrayList<>();
    in.nextToken();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "stream" -> stream = in.getText();
        case "number" -> number = in.getLongValue();
        case "shards" -> {
          while (in.nextToken() == JsonToken.VALUE_STRING) {
            shards.add(in.getText());
          }
        }
        default -> in.skipChildren();
      }
    }
    return new Fence(stream, number, shards);
  }

  /** The event with this fence. */
  public ChangeEvent on(ChangeEvent event) {
    return with(event, MEMBER, json());
  }

  /** The event with one more member of its metadata. */
  static ChangeEvent with(ChangeEvent event, String member, String json) {
    Map<String, String> metadata = new LinkedHashMap<>(event.extras().metadata());
    metadata.put(member, json);
    Extras extras = new Extras(event.extras().record(), event.extras().control(), metadata);
    if (event instanceof RowChange row) {
      return new RowChange(
          row.table(), row.operation(), row.row(), row.before(), row.origin(), extras);
    }
    TableChange change = (TableChange) event;
    return new TableChange(
        change.table(),
        change.operation(),
        change.schema(),
        change.previousTable(),
        change.renamedColumns(),
        change.origin(),
        extras);
  }

  private String json() {
    JsonBuffer out = new JsonBuffer(64 + 24 * shards.size());
    out.raw("{\"stream\":").string(stream).raw(",\"number\":").number(number);
    out.raw(",\"shards\":[");
    String comma = "";
    for (String shard : shards) {
      out.raw(comma).string(shard);
      comma = ",";
    }
    return out.raw("]}").toString();
  }
}
