package io.dynapipe.mapping.filter;

/** Whether a row passes. */
public enum Verdict {
  PASSES,
  FAILS,
  /** The event does not tell the column's value. */
  UNKNOWN;

  static Verdict of(boolean passes) {
    return passes ? PASSES : FAILS;
  }

  /** Both must pass: one that fails decides, whatever the other is. */
  Verdict and(Verdict other) {
    if (this == FAILS || other == FAILS) {
      return FAILS;
    }
    return this == UNKNOWN ? this : other;
  }

  /** One must pass. */
  Verdict or(Verdict other) {
    if (this == PASSES || other == PASSES) {
      return PASSES;
    }
    return this == UNKNOWN ? this : other;
  }
}
