package io.dynapipe.mapping.rule;

/** What a selection rule may mean by a table. */
public enum RelationKind {
  TABLE,
  VIEW
}
