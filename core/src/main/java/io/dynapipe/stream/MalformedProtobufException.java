package io.dynapipe.stream;

/** Bytes that are not a protobuf message of the expected form. */
final class MalformedProtobufException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedProtobufException(String message) {
    super(message);
  }
}
