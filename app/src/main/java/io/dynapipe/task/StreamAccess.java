package io.dynapipe.task;

import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;

/** A stream's reading end, and how far readers have got. */
public record StreamAccess(RecordReader reader, Checkpoints checkpoints) {}
