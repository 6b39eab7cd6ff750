package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/**
 * One operation of an API.
 *
 * @param does what it does here, as a sentence for the documentation
 */
public record Operation(
    String name, boolean offered, String does, InputShape input, Function<Input, Answer> handler) {

  /** An operation that answers one document. */
  public static Operation of(
      String name, String does, InputShape input, Function<Input, ObjectNode> handler) {
    return new Operation(name, true, does, input, request -> Answer.of(handler.apply(request)));
  }

  /** An operation that answers an event stream. */
  public static Operation streaming(
      String name, String does, InputShape input, Function<Input, Answer> handler) {
    return new Operation(name, true, does, input, handler);
  }

  /**
   * An operation that this service does not have.
   *
   * @param reason a sentence
   */
  public static Operation notOffered(String name, String faultType, String reason) {
    return new Operation(
        name,
        false,
        reason,
        InputShape.of(),
        request -> {
          throw Fault.of(faultType, name + " is not offered by this service. " + reason);
        });
  }
}
