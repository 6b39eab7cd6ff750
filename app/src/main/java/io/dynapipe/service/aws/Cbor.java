package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * CBOR as AWS's APIs write it: as JSON, but with bytes as bytes, and with times as tagged
 * milliseconds.
 */
final class Cbor {

  private static final CBORMapper MAPPER = new CBORMapper();
  private static final CBORFactory FACTORY = new CBORFactory();

  /** RFC 8949: the item behind it is a time. */
  private static final int TIME_TAG = 1;

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1_000);

  /** Members of requests that are times. */
  private static final List<String> TIMES = List.of("Timestamp", "StreamCreationTimestamp");

  private Cbor() {}

  /**
   * Reads a request; nothing at all counts as an empty object.
   *
   * @throws Fault when it is not one object
   */
  static ObjectNode parse(byte[] cbor) {
    try {
      if (cbor.length == 0) {
        return Json.object();
      }
      if (MAPPER.readTree(cbor) instanceof ObjectNode object) {
        TIMES.forEach(name -> toSeconds(object, name));
        return object;
      }
      throw Fault.malformed("The request is not a CBOR map.");
    } catch (IOException e) {
      throw Fault.malformed("The request cannot be read as CBOR.");
    }
  }

  private static void toSeconds(ObjectNode object, String name) {
    if (object.path(name).isNumber()) {
      object.put(name, object.path(name).decimalValue().divide(MILLIS));
    }
  }

  static byte[] bytes(ObjectNode body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = FACTORY.createGenerator(bytes)) {
      write(body, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonNode node, CBORGenerator out) throws IOException {
    if (node.isObject()) {
      out.writeStartObject(node, node.size());
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        out.writeFieldName(member.getKey());
        write(member.getValue(), out);
      }
      out.writeEndObject();
    } else if (node.isArray()) {
      out.writeStartArray(node, node.size());
      for (JsonNode element : node) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (node instanceof DecimalNode time) {
      // Only times have a fraction in what the service answers.
      out.writeTag(TIME_TAG);
      out.writeNumber(time.decimalValue().multiply(MILLIS).longValueExact());
    } else if (node.isBinary()) {
      out.writeBinary(node.binaryValue());
    } else if (node.isTextual()) {
      out.writeString(node.textValue());
    } else if (node.isBoolean()) {
      out.writeBoolean(node.booleanValue());
    } else if (node.isIntegralNumber()) {
      out.writeNumber(node.longValue());
    } else {
      out.writeNull();
    }
  }
}
