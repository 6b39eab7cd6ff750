/**
 * The stream in one SQLite file of the state directory, with checkpoints and tasks' state beside
 * it.
 */
@NullMarked
package io.dynapipe.stream.embedded;

import org.jspecify.annotations.NullMarked;
