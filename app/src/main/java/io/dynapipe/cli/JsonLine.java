package io.dynapipe.cli;

import io.dynapipe.json.JsonBuffer;

/** One JSON object on one line, member by member. */
final class JsonLine {

  private final JsonBuffer buffer = new JsonBuffer(256).raw('{');

  private JsonLine() {}

  static JsonLine of(String name, String value) {
    return new JsonLine().with(name, value);
  }

  static JsonLine of(String name, long value) {
    return new JsonLine().with(name, value);
  }

  JsonLine with(String name, String value) {
    member(name).string(value);
    return this;
  }

  JsonLine with(String name, long value) {
    member(name).number(value);
    return this;
  }

  private JsonBuffer member(String name) {
    if (buffer.size() > 1) {
      buffer.raw(',');
    }
    return buffer.string(name).raw(':');
  }

  /** The finished line. */
  @Override
  public String toString() {
    return buffer + "}";
  }
}
