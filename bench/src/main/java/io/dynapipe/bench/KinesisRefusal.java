package io.dynapipe.bench;

/** What {@link KinesisStandIn} does not do; {@link #code} is the name that the service gives it. */
final class KinesisRefusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  KinesisRefusal(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }
}
