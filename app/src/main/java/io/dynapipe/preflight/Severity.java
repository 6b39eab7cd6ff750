package io.dynapipe.preflight;

/** How much a finding weighs; the later, the more. */
public enum Severity {
  /** Good to know. */
  INFO,
  /** A task runs, but not as most would expect, or not for long. */
  WARNING,
  /** A task does not run. */
  ERROR
}
