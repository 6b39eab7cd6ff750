package io.dynapipe.mapping.expression;

/** A part of an expression. Immutable, thread-safe. */
@FunctionalInterface
interface Node {

  Value evaluate(Scope scope);
}
