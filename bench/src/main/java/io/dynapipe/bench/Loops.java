package io.dynapipe.bench;

/** What the ceilings' programs have in common. */
final class Loops {

  private Loops() {}

  /** Tells the process that measures us how long the work itself took. */
  static void report(long beganNanos) {
    System.out.println("{\"millis\":" + (System.nanoTime() - beganNanos) / 1_000_000 + "}");
  }
}
