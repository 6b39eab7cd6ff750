package io.dynapipe.task;

import io.dynapipe.event.TableName;
import io.dynapipe.processor.TableCounts;
import org.jspecify.annotations.Nullable;

/**
 * What a task has done with a table since it started.
 *
 * @param captured read at the source: loads, inserts, updates, deletes, table changes
 * @param applied durable in the target, or quarantined
 * @param suspended why nothing more of it is captured; null while it is
 */
public record TableStatistics(
    TableName table, TableCounts captured, TableCounts applied, @Nullable String suspended) {}
