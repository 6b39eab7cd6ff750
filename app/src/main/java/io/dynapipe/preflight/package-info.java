/** What is looked at before a task is made: findings with cause and cure, and what to expect. */
@NullMarked
package io.dynapipe.preflight;

import org.jspecify.annotations.NullMarked;
