package io.dynapipe.cli;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.mapping.settings.TargetTablePrepMode;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.task.LocalPipeline;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.StartType;
import io.dynapipe.task.TaskDefinition;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = {
      "Replicates tables from a source to a target: full load, then every change.",
      "",
      "Stop it with Ctrl-C, or let it crash: started again with the same --state, it goes on",
      "where it was."
    },
    footer = {
      "",
      "Example:",
      "  dynapipe run --source postgresql://postgres:secret@localhost/shop \\",
      "      --sink crate://localhost:4200 --tables public.orders --tables 'public.item%%'",
      "",
      "Exit codes: 0 done or stopped, 1 failed while running, 2 wrong input,",
      "3 source or target cannot be reached or used, 130 Ctrl-C, 143 SIGTERM."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private SourceOptions sourceOptions = new SourceOptions();

  @Mixin private SinkOptions sinkOptions = new SinkOptions();

  @Option(
      names = "--stream",
      paramLabel = "URL",
      defaultValue = "embedded:",
      description = {
        "What lies between: embedded:?retention=24h (default: ${DEFAULT-VALUE}, a log in the",
        "state directory), or kinesis://region/stream; then the target is written by this",
        "process alone. For more of them see 'dynapipe process'."
      })
  private String stream = "embedded:";

  @Mixin private MigrationOption migrationOption = new MigrationOption();

  @Option(
      names = "--start-type",
      paramLabel = "TYPE",
      defaultValue = "resume-processing",
      description = {
        "start-replication (refused when begun before), resume-processing (goes on, or",
        "begins), reload-target (begins again from the start); default: ${DEFAULT-VALUE}."
      })
  private String startType = "resume-processing";

  @Option(
      names = "--prepare",
      paramLabel = "MODE",
      description = {
        "What happens to target tables before their load: do-nothing, drop-and-create or",
        "truncate-before-load (default: what the task settings say, else do-nothing)."
      })
  private @Nullable String preparation;

  @Mixin private TaskOptions taskOptions = new TaskOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "dynapipe-state",
      description = {
        "Where progress and the embedded stream are kept (default: ${DEFAULT-VALUE} in the",
        "working directory)."
      })
  private Path state = Path.of("dynapipe-state");

  @Option(names = "--json", description = "Prints statistics as one JSON object a line.")
  private boolean json;

  private volatile boolean stopping;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    MigrationType migration = migrationOption.type();
    StartType start = Words.choice("--start-type", startType, StartType.values());
    LocalPipeline pipeline =
        new LocalPipeline(
            sourceOptions.url(environment),
            sinkOptions.url(environment),
            sinkOptions.layout(),
            StreamUrl.parse(stream),
            state,
            definition(migration));
    RunReport report = new RunReport(pipeline, spec.commandLine(), json);
    Ending.after(
        () -> {
          pipeline.start(start);
          while (!stopping && !pipeline.isDone()) {
            pipeline.pipeline().throwFailure();
            report.tick();
            Thread.sleep(100);
          }
        },
        () -> stopping = true,
        pipeline::close);
    return report.end();
  }

  /** Shards of a Kinesis stream can become several while this runs. */
  private boolean hasSeveralShards() {
    Integer shards =
        StreamUrl.parse(stream) instanceof EmbeddedStreamUrl embedded
            ? embedded.shards()
            : Integer.valueOf(Integer.MAX_VALUE);
    return shards != null && shards > 1;
  }

  private TaskDefinition definition(MigrationType migration) {
    TaskSettings settings = taskOptions.settings();
    if (preparation != null) {
      TargetTablePrepMode mode =
          Words.choice("--prepare", preparation, TargetTablePrepMode.values());
      settings =
          settings.merge("{\"FullLoadSettings\": {\"TargetTablePrepMode\": \"" + mode + "\"}}");
    }
    return TaskDefinition.of("RUN", migration, sourceOptions.mappings())
        .withSettings(settings)
        .withWindow(taskOptions.window())
        .withSource(taskOptions.source())
        .withSeveralShards(hasSeveralShards());
  }
}
