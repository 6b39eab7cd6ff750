package io.dynapipe.preflight;

import io.dynapipe.error.PipelineException;
import java.util.ArrayList;
import java.util.List;

/** Gathers what the checks find. One thread. */
final class Findings {

  private final List<Finding> all = new ArrayList<>();

  void error(String check, String cause, String cure) {
    all.add(new Finding(check, Severity.ERROR, null, cause, cure));
  }

  void warning(String check, String cause, String cure) {
    all.add(new Finding(check, Severity.WARNING, null, cause, cure));
  }

  void info(String check, String cause, String cure) {
    all.add(new Finding(check, Severity.INFO, null, cause, cure));
  }

  void add(String check, Severity severity, Object subject, String cause, String cure) {
    all.add(new Finding(check, severity, subject.toString(), cause, cure));
  }

  /** What could not be asked. */
  void failed(String check, PipelineException failure) {
    String cure = failure.cure();
    error(check, String.valueOf(failure.getMessage()), cure == null ? "See the log." : cure);
  }

  List<Finding> all() {
    return all;
  }
}
