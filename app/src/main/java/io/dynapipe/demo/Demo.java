package io.dynapipe.demo;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.demo.Walkthrough.Step;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.sink.Layout;
import io.dynapipe.task.LocalPipeline;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.StartType;
import io.dynapipe.task.TaskDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The walkthrough, played: an embedded source, a task with full load and CDC, and after each step
 * what a query finds in the target.
 */
public final class Demo implements AutoCloseable {

  static final TableName FOO = new TableName("public", Walkthrough.TABLE);
  private static final String SOURCE = "source";
  private static final String TARGET = "target";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path state;
  private final EmbeddedServer server;
  private final SinkUrl sinkUrl;
  private final LocalPipeline pipeline;
  private final DemoOutput output;

  private Demo(Path state, EmbeddedServer server, SinkUrl sinkUrl, DemoOutput output) {
    this.state = state;
    this.server = server;
    this.sinkUrl = sinkUrl;
    this.output = output;
    this.pipeline =
        new LocalPipeline(
            SourceUrl.parse(server.url(SOURCE), Map.of()),
            sinkUrl,
            Layout.DOCUMENT,
            new EmbeddedStreamUrl(null, null, null),
            state,
            definition());
  }

  /**
   * Starts the servers and creates the walkthrough's table in the source.
   *
   * @param sink the target; null for a database beside the source
   */
  public static Demo open(@Nullable SinkUrl sink, DemoOutput output) {
    EmbeddedServer server = null;
    Path state = null;
    try {
      state = Files.createTempDirectory("dynapipe-demo-");
      server = EmbeddedServer.start(SOURCE, TARGET);
      SinkUrl target = sink == null ? SinkUrl.parse(server.url(TARGET), Map.of()) : sink;
      output.servers(server.psql(SOURCE), sink == null ? server.psql(TARGET) : sink.toString());
      output.typed(Walkthrough.FULL_LOAD);
      server.execute(SOURCE, Walkthrough.FULL_LOAD.statements().toArray(String[]::new));
      return new Demo(state, server, target, output);
    } catch (IOException e) {
      throw PipelineException.environment(
          "no temporary directory can be made: " + e, "Make java.io.tmpdir writable.", e);
    } catch (RuntimeException e) {
      release(server, state);
      throw e;
    }
  }

  private static TaskDefinition definition() {
    return TaskDefinition.of(
            "DEMO",
            MigrationType.FULL_LOAD_AND_CDC,
            TableMappings.ofPatterns(List.of(FOO.toString())))
        .withSettings(
            TaskSettings.parse(
                "{\"FullLoadSettings\": {\"TargetTablePrepMode\": \"DROP_AND_CREATE\"}}"));
  }

  /** Plays all steps and shows the target after each. */
  public void play() throws InterruptedException {
    pipeline.start(StartType.START_REPLICATION);
    await();
    show(Walkthrough.FULL_LOAD);
    for (Step step : Walkthrough.CHANGES) {
      output.typed(step);
      server.execute(SOURCE, step.statements().toArray(String[]::new));
      await();
      show(step);
    }
  }

  private void await() throws InterruptedException {
    if (!pipeline.pipeline().awaitApplied(server.currentPosition(), LIMIT)) {
      throw PipelineException.permanent(
          "the target has not caught up with the source within " + LIMIT.toSeconds() + " s",
          "Is the machine very busy? Please report this with the output of --verbose.",
          null);
    }
  }

  private void show(Step step) {
    output.rows(step.name(), FOO, TargetRows.of(sinkUrl, FOO, "id"));
  }

  /** Removes slot and publication, stops the servers, deletes what they wrote. */
  @Override
  public void close() {
    try (pipeline) {
      pipeline.abandon();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      release(server, state);
    }
  }

  private static void release(@Nullable EmbeddedServer server, @Nullable Path state) {
    try {
      if (server != null) {
        server.close();
      }
    } finally {
      if (state != null) {
        DemoFiles.delete(state);
      }
    }
  }
}
