package io.dynapipe.mapping.transform;

/** Changes a value. Never called for a cell that holds none. Immutable, thread-safe. */
@FunctionalInterface
interface ValueStep {

  void apply(Cell cell);
}
