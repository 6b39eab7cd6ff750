package io.dynapipe.deploy.aws;

/** A service's refusal: its code, such as {@code ResourceNotFoundException}, and its words. */
public final class AwsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final int status;

  AwsException(String code, String message, int status) {
    super(message);
    this.code = code;
    this.status = status;
  }

  public String code() {
    return code;
  }

  /** Whether the code has one of these texts in it. */
  public boolean is(String... codes) {
    for (String text : codes) {
      if (code.contains(text)) {
        return true;
      }
    }
    return false;
  }

  /** Refused because of the rate of requests: nothing was done. */
  boolean isThrottled() {
    return is("Throttling", "TooManyRequests", "RequestLimitExceeded") || status == 429;
  }

  /** The service's own trouble: the request may have been carried out. */
  boolean isServerFault() {
    return status >= 500;
  }

  /** Credentials or permissions. */
  public boolean isDenied() {
    return is(
        "AccessDenied",
        "UnrecognizedClient",
        "InvalidClientTokenId",
        "ExpiredToken",
        "SignatureDoesNotMatch",
        "NotAuthorized",
        "UnauthorizedOperation");
  }
}
