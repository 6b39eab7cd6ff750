package io.dynapipe.service.engine;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.mapping.settings.LoggingSettings;
import io.dynapipe.task.TaskDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task, ready to run.
 *
 * @param label what people call it
 * @param stream name of the embedded stream it writes to, or ARN of the one at Amazon Kinesis
 * @param kinesis the latter; null for an embedded stream
 * @param logGroup where its log lines go
 * @param logStream the same
 * @param logging what of it is written
 * @param notes warnings about what was asked for and has no effect, for the log
 */
public record TaskPlan(
    String label,
    PostgresUrl source,
    String stream,
    @Nullable KinesisUrl kinesis,
    TaskDefinition definition,
    String logGroup,
    String logStream,
    LoggingSettings logging,
    List<String> notes) {

  public TaskPlan {
    notes = List.copyOf(notes);
  }

  /** The resource part of its ARN. */
  public String id() {
    return definition.id();
  }
}
