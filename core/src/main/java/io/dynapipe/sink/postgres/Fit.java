package io.dynapipe.sink.postgres;

/** How a value fits a target column. */
enum Fit {
  /** The column holds it exactly. */
  EXACT,
  /** The column holds something near, which serves queries; the exact text belongs into aux. */
  NEAR,
  /** The column cannot hold it: NULL there, and the text in aux. */
  NONE
}
