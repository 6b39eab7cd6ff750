package io.dynapipe.mapping.document;

import io.dynapipe.error.PipelineException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a document, so that its author learns all of it at once. */
public final class Problems {

  private final String document;
  private final String page;
  private final List<String> problems = new ArrayList<>();

  /**
   * For one document.
   *
   * @param document what it is, in the plural, such as {@code table mappings}
   * @param page the documentation page that tells what is allowed
   */
  public Problems(String document, String page) {
    this.document = document;
    this.page = page;
  }

  /**
   * Notes a problem.
   *
   * @param place where: a rule and the path of a member
   */
  public void add(String place, String problem) {
    problems.add(place.isEmpty() ? problem : place + ": " + problem);
  }

  /** Whether there are problems so far. */
  public boolean any() {
    return !problems.isEmpty();
  }

  /**
   * Ends reading.
   *
   * @throws PipelineException (input) that lists all problems, when there are any
   */
  public void throwIfAny() {
    if (any()) {
      String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
      throw PipelineException.input(
          "The " + document + " have " + count + ":\n- " + String.join("\n- ", problems),
          "Correct what is named above; " + page + " tells what is allowed.");
    }
  }
}
