package io.dynapipe.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.Aggregated;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the event that Lambda makes of Kinesis records; members it does not need are skipped.
 * Strict about the rest: an event that is not understood must not count as handled.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html">Using Lambda with
 *     Kinesis, example event</a>
 */
final class EventReader {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String CURE =
      "Is the function's trigger a Kinesis stream (an event source mapping), and nothing else?";

  private EventReader() {}

  /**
   * The records of an event, in its order; aggregated ones taken apart.
   *
   * @throws PipelineException (input) when it is not an event of a Kinesis stream
   */
  static List<StoredRecord> read(InputStream event) throws IOException {
    List<StoredRecord> records = null;
    try (JsonParser in = JSON.createParser(event)) {
      expect(in.nextToken(), JsonToken.START_OBJECT, "the event");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = in.currentName().equals("Records");
        JsonToken value = in.nextToken();
        if (wanted) {
          expect(value, JsonToken.START_ARRAY, "Records");
          records = readRecords(in);
        } else {
          in.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage());
    }
    if (records == null) {
      throw malformed("it has no Records");
    }
    return records;
  }

  private static List<StoredRecord> readRecords(JsonParser in) throws IOException {
    List<StoredRecord> records = new ArrayList<>();
    int number = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      expect(in.currentToken(), JsonToken.START_OBJECT, "Records[" + number + "]");
      records.addAll(Aggregated.records(new EventRecord(number++).read(in)));
    }
    return records;
  }

  private static void expect(@Nullable JsonToken found, JsonToken expected, String what) {
    if (found != expected) {
      throw malformed(
          what + " is not " + (expected == JsonToken.START_ARRAY ? "a list" : "an object"));
    }
  }

  private static PipelineException malformed(String what) {
    return PipelineException.input("this is not an event of a Kinesis stream: " + what, CURE);
  }

  /** One record of the event while it is read. */
  private static final class EventRecord {
    private final String place;
    private String eventId = "";
    private String partitionKey = "";
    private @Nullable String sequenceNumber;
    private byte @Nullable [] data;
    private long arrivalMillis;

    EventRecord(int index) {
      this.place = "Records[" + index + "]";
    }

    StoredRecord read(JsonParser in) throws IOException {
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        switch (name) {
          case "eventID" -> eventId = text(in, name);
          case "eventSource" -> {
            if (!text(in, name).equals("aws:kinesis")) {
              throw malformed(place + ".eventSource is '" + in.getText() + "'");
            }
          }
          case "kinesis" -> {
            expect(value, JsonToken.START_OBJECT, place + ".kinesis");
            readKinesis(in);
          }
          default -> in.skipChildren();
        }
      }
      if (sequenceNumber == null || data == null) {
        throw malformed(place + ".kinesis has no data or no sequenceNumber");
      }
      return new StoredRecord(shard(), number(sequenceNumber), partitionKey, data, arrivalMillis);
    }

    private void readKinesis(JsonParser in) throws IOException {
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        switch (name) {
          case "partitionKey" -> partitionKey = text(in, name);
          case "sequenceNumber" -> sequenceNumber = text(in, name);
          case "data" -> data = binary(in);
          case "approximateArrivalTimestamp" -> {
            if (value.isNumeric()) {
              arrivalMillis = in.getDecimalValue().multiply(BigDecimal.valueOf(1000)).longValue();
            }
          }
          default -> in.skipChildren();
        }
      }
    }

    private String text(JsonParser in, String name) throws IOException {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        throw malformed(place + "." + name + " is not a text");
      }
      return in.getText();
    }

    private byte[] binary(JsonParser in) throws IOException {
      text(in, "kinesis.data");
      try {
        return in.getBinaryValue();
      } catch (JsonProcessingException e) {
        throw malformed(place + ".kinesis.data is not base64");
      }
    }

    private SequenceNumber number(String digits) {
      try {
        return new SequenceNumber(digits);
      } catch (PipelineException e) {
        throw malformed(place + ".kinesis.sequenceNumber " + e.getMessage());
      }
    }

    /** An event id is the shard's id, a colon, and the sequence number. */
    private String shard() {
      int colon = eventId.lastIndexOf(':');
      if (colon <= 0) {
        throw malformed(place + ".eventID '" + eventId + "' names no shard");
      }
      return eventId.substring(0, colon);
    }
  }
}
