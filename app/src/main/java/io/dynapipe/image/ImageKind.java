package io.dynapipe.image;

import io.dynapipe.error.PipelineException;
import java.util.Locale;

/** What an image holds. */
public enum ImageKind {
  /** The function that applies a Kinesis stream. Its default base brings Lambda's Java runtime. */
  LAMBDA("public.ecr.aws/lambda/java:21"),
  /** The whole program, {@code dynapipe}. */
  SERVICE("docker.io/library/eclipse-temurin:21-jre");

  private final String defaultBase;

  ImageKind(String defaultBase) {
    this.defaultBase = defaultBase;
  }

  public String defaultBase() {
    return defaultBase;
  }

  /**
   * Reads {@code lambda} or {@code service}.
   *
   * @throws PipelineException (input) for any other word
   */
  public static ImageKind parse(String text) {
    for (ImageKind kind : values()) {
      if (kind.name().equalsIgnoreCase(text)) {
        return kind;
      }
    }
    throw PipelineException.input(
        "'" + text + "' is no image", "Give lambda or service, for example 'image build lambda'.");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
