package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects all that is wrong with one setting, to be told together. Problems never quote text that
 * may hold a secret.
 */
public final class Problems {

  private final String subject;
  private final String cure;
  private final List<String> found = new ArrayList<>();

  /**
   * For one setting.
   *
   * @param subject what is looked at, such as {@code source URL}
   * @param cure a sentence, with an example
   */
  public Problems(String subject, String cure) {
    this.subject = subject;
    this.cure = cure;
  }

  public void add(String problem) {
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  /** Throws (input) when anything was found. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw PipelineException.input(subject + ": " + String.join("; ", found), cure);
    }
  }

  /** The exception for a problem after which there is nothing more to look at. */
  public PipelineException fatal(String problem) {
    found.clear();
    return PipelineException.input(subject + ": " + problem, cure);
  }
}
