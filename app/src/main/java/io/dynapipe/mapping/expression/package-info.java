/** Expressions of transformation rules: a documented part of SQLite's language. */
@NullMarked
package io.dynapipe.mapping.expression;

import org.jspecify.annotations.NullMarked;
