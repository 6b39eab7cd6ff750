package io.dynapipe.task;

import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;

/** A stream's three doors: the writing end, the reading end, and how far readers have got. */
public record StreamAccess(RecordWriter writer, RecordReader reader, Checkpoints checkpoints) {}
