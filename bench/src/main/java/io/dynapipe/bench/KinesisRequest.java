package io.dynapipe.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of {@link KinesisStandIn}.
 *
 * @param fields those that are no objects and no lists
 * @param records of PutRecords
 */
record KinesisRequest(Map<String, String> fields, List<Put> records) {

  /** A record that is to be stored. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Put(byte[] data, String partitionKey, @Nullable String explicitHashKey) {}

  static final JsonFactory JSON = new JsonFactory();

  static KinesisRequest parse(byte[] body) throws IOException {
    Map<String, String> fields = new HashMap<>();
    List<Put> records = new ArrayList<>();
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("Records")) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            records.add(put(json));
          }
        } else if (value.isScalarValue()) {
          fields.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
    }
    return new KinesisRequest(fields, records);
  }

  private static Put put(JsonParser json) throws IOException {
    byte[] data = {};
    String partitionKey = "";
    String explicitHashKey = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "Data" -> data = json.getBinaryValue();
        case "PartitionKey" -> partitionKey = json.getText();
        case "ExplicitHashKey" -> explicitHashKey = json.getText();
        default -> json.skipChildren();
      }
    }
    return new Put(data, partitionKey, explicitHashKey);
  }

  /** A field that must be there. */
  String field(String name) throws KinesisRefusal {
    String value = fields.get(name);
    if (value == null) {
      throw new KinesisRefusal("ValidationException", name + " is missing");
    }
    return value;
  }

  /** A number; the other one when the field is not there. */
  int number(String name, int otherwise) {
    String value = fields.get(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }
}
