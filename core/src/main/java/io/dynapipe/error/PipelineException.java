package io.dynapipe.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure that says what happened and what to do. Its kind tells the caller how to go on; its
 * message tells a person the cause, its cure what to do about it.
 */
public final class PipelineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What a caller can do. */
  public enum Kind {
    /** What the user gave is wrong; trying again is of no use. Exit code 2. */
    INPUT,
    /** A server, a permission or a file is missing or wrong. Exit code 3. */
    ENVIRONMENT,
    /** Passing trouble: try again later, nothing was decided. Exit code 3 when retries end. */
    RETRYABLE,
    /** This record, table or task cannot go on. Exit code 1. */
    PERMANENT
  }

  private final Kind kind;
  private final @Nullable String cure;

  private PipelineException(
      Kind kind, String message, @Nullable String cure, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.cure = cure;
  }

  public static PipelineException input(String message, String cure) {
    return new PipelineException(Kind.INPUT, message, cure, null);
  }

  public static PipelineException environment(
      String message, String cure, @Nullable Throwable cause) {
    return new PipelineException(Kind.ENVIRONMENT, message, cure, cause);
  }

  public static PipelineException retryable(String message, @Nullable Throwable cause) {
    return new PipelineException(Kind.RETRYABLE, message, null, cause);
  }

  public static PipelineException permanent(
      String message, @Nullable String cure, @Nullable Throwable cause) {
    return new PipelineException(Kind.PERMANENT, message, cure, cause);
  }

  public Kind kind() {
    return kind;
  }

  /** What to do about it, as a sentence; null when the message says all there is. */
  public @Nullable String cure() {
    return cure;
  }

  public boolean isRetryable() {
    return kind == Kind.RETRYABLE;
  }
}
