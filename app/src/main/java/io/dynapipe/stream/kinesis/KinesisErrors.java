package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What went wrong at the service, by its error codes.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html">Common
 *     error types</a>
 */
final class KinesisErrors {

  static final String NOT_FOUND = "ResourceNotFoundException";
  static final String IN_USE = "ResourceInUseException";
  static final String EXPIRED_ITERATOR = "ExpiredIteratorException";

  private static final Set<String> PASSING =
      Set.of(
          "ProvisionedThroughputExceededException",
          "LimitExceededException",
          "ThrottlingException",
          "Throttling",
          "RequestLimitExceeded",
          "KMSThrottlingException",
          "InternalFailure",
          "InternalFailureException",
          "InternalError",
          "ServiceUnavailable",
          "RequestTimeout",
          "RequestTimeoutException");

  private static final Set<String> DENIED =
      Set.of("AccessDeniedException", "AccessDenied", "KMSAccessDeniedException");

  private static final Set<String> NOT_LET_IN =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "IncompleteSignature",
          "ExpiredTokenException",
          "ExpiredToken",
          "OptInRequired");

  private KinesisErrors() {}

  /** A failure of the client library as ours. */
  static PipelineException translate(String doing, Throwable thrown) {
    Throwable cause = cause(thrown);
    if (cause instanceof PipelineException known) {
      return known;
    }
    if (cause instanceof AwsServiceException refused) {
      return service(doing, refused);
    }
    String message = doing + ": " + messages(cause);
    if (cause instanceof SdkClientException && message.contains("Unable to load credentials")) {
      return PipelineException.environment(
          doing + ": no AWS credentials were found",
          "Give them the AWS way: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the"
              + " role of the machine. An emulator takes any.",
          cause);
    }
    if (cause instanceof Error || cause instanceof IllegalStateException) {
      return PipelineException.permanent(message, null, cause);
    }
    // What is left are connections that cannot be made, break, or take too long.
    return PipelineException.retryable(message, cause);
  }

  private static PipelineException service(String doing, AwsServiceException refused) {
    String code = code(refused);
    AwsErrorDetails details = refused.awsErrorDetails();
    String text = details == null ? null : details.errorMessage();
    String message = doing + ": " + code + (text == null ? "" : ": " + text);
    if (PASSING.contains(code) || refused.statusCode() >= 500 || refused.statusCode() == 429) {
      return PipelineException.retryable(message, refused);
    }
    if (DENIED.contains(code)) {
      return PipelineException.environment(
          message, "Allow it in the policy of the role or the user.", refused);
    }
    if (NOT_LET_IN.contains(code)) {
      return PipelineException.environment(
          message,
          "Give AWS credentials that are valid for this region, and see that the clock is right.",
          refused);
    }
    if (code.equals(NOT_FOUND)) {
      return PipelineException.environment(
          message,
          "See that region, account and name are right, or give create=true to make the stream.",
          refused);
    }
    if (code.startsWith("KMS")) {
      return PipelineException.environment(
          message, "Repair the KMS key that the stream is encrypted with.", refused);
    }
    return PipelineException.permanent(message, null, refused);
  }

  /** The service's code for a failure, or an empty text when it is not the service's. */
  static String code(Throwable thrown) {
    if (cause(thrown) instanceof AwsServiceException refused) {
      AwsErrorDetails details = refused.awsErrorDetails();
      String code = details == null ? null : details.errorCode();
      return code == null ? "HTTP " + refused.statusCode() : code;
    }
    return "";
  }

  /** Whether the service understood the request and does not want what is in it. */
  static boolean isRefusedContent(Throwable thrown) {
    return Set.of(
            "InvalidArgumentException",
            "ValidationException",
            "SerializationException",
            "RequestEntityTooLarge",
            "HTTP 413")
        .contains(code(thrown));
  }

  static Throwable cause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  /** The library wraps the reason into "Unable to execute HTTP request". */
  private static String messages(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
      append(text, message);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable String message) {
    if (message != null && text.indexOf(message) < 0) {
      text.append(text.isEmpty() ? "" : ": ").append(message);
    }
  }
}
