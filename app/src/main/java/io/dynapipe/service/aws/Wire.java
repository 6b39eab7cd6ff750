package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** How a request is encoded, and so its answer. */
enum Wire {
  JSON("application/x-amz-json-1.1"),
  /** What the AWS SDK for Java and the KCL speak to Kinesis. */
  CBOR("application/x-amz-cbor-1.1") {
    @Override
    ObjectNode read(byte[] body) {
      return Cbor.parse(body);
    }

    @Override
    byte[] write(ObjectNode body) {
      return Cbor.bytes(body);
    }
  };

  private final String contentType;

  Wire(String contentType) {
    this.contentType = contentType;
  }

  /** Chosen by the request's content type; JSON unless it says otherwise. */
  static Wire of(@Nullable String contentType) {
    for (Wire wire : values()) {
      if (wire.contentType.equals(contentType)) {
        return wire;
      }
    }
    return JSON;
  }

  String contentType() {
    return contentType;
  }

  /**
   * Reads a request.
   *
   * @throws Fault when it cannot be read
   */
  ObjectNode read(byte[] body) {
    return Json.parse(body);
  }

  byte[] write(ObjectNode body) {
    return Json.bytes(body);
  }
}
