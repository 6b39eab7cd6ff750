package io.dynapipe.sink;

/**
 * A write that can never be applied as it is.
 *
 * @param write the very object that was given to the sink
 * @param reason the target's words and what to do, for the quarantine
 */
public record RowFailure(RowWrite write, String reason) {}
