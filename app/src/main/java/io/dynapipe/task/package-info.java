/**
 * A replication task: wiring from source to stream and from stream to sink, states, statistics,
 * checkpoints.
 */
@NullMarked
package io.dynapipe.task;

import org.jspecify.annotations.NullMarked;
