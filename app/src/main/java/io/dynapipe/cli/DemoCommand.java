package io.dynapipe.cli;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.Demo;
import io.dynapipe.demo.DemoOutput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Plays the walkthrough on embedded servers: full load, updates, deletes.",
      "",
      "Starts a PostgreSQL as source (and as target, unless --sink names one), replicates a",
      "table, and shows after each step what a query finds in the target. Nothing is left",
      "behind at the end, except the table public.foo in a target that you named."
    },
    footer = {
      "",
      "Examples:",
      "  dynapipe demo --once",
      "  dynapipe demo --once --json --sink crate://localhost:4200"
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--sink",
      paramLabel = "URL",
      description = {
        "Target, e.g. crate://localhost:4200. Its table public.foo is emptied first",
        "(default: a database beside the source)."
      })
  private @Nullable String sink;

  @Option(names = "--once", description = "Ends after the last step instead of staying up.")
  private boolean once;

  @Option(names = "--json", description = "Prints one JSON object a step.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    SinkUrl sinkUrl = sink == null ? null : SinkUrl.parse(sink, System.getenv());
    DemoOutput output = new DemoOutput(spec.commandLine().getOut(), json);
    Demo demo = Demo.open(sinkUrl, output);
    Ending.after(
        () -> {
          demo.play();
          if (!once) {
            demo.stayUp();
          }
        },
        demo::stop,
        demo::close);
    return Failures.DONE;
  }
}
