package io.dynapipe.service.aws;

import java.util.Map;

/** An answer that says no: a type that programs know and a message that people read. */
public final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String type;
  private final int status;
  private final transient Map<String, String> members;

  private Fault(String type, int status, String message, Map<String, String> members) {
    // Faults are answers, not failures of ours: a stack trace would tell nothing.
    super(message, null, false, false);
    this.type = type;
    this.status = status;
    this.members = Map.copyOf(members);
  }

  /** A fault with HTTP status 400, which is what AWS's JSON APIs answer for nearly all of them. */
  public static Fault of(String type, String message) {
    return new Fault(type, 400, message, Map.of());
  }

  public static Fault withStatus(int status, String type, String message) {
    return new Fault(type, status, message, Map.of());
  }

  public static Fault notFound(String message) {
    return of("ResourceNotFoundFault", message);
  }

  public static Fault invalidState(String message) {
    return of("InvalidResourceStateFault", message);
  }

  public static Fault alreadyExists(String message, String arn) {
    return new Fault("ResourceAlreadyExistsFault", 400, message, Map.of("resourceArn", arn));
  }

  /** A value that cannot be right by itself. */
  public static Fault invalidValue(String message) {
    return of("InvalidParameterValueException", message);
  }

  /** Values that cannot be right together. */
  public static Fault invalidCombination(String message) {
    return of("InvalidParameterCombinationException", message);
  }

  /** A request that is not what its operation takes. */
  public static Fault malformed(String message) {
    return of("SerializationException", message);
  }

  public String type() {
    return type;
  }

  public int status() {
    return status;
  }

  /** Members beside type and message. */
  public Map<String, String> members() {
    return members;
  }
}
