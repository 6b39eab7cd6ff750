package io.dynapipe.cli;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.Demo;
import io.dynapipe.demo.DemoOutput;
import io.dynapipe.demo.ServedDemo;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Shows the walkthrough on embedded servers: full load, updates, deletes.",
      "",
      "Starts a PostgreSQL as source (and as target, unless --sink names one). With --once it",
      "replicates a table, and shows after each step what a query finds in the target. Without,",
      "it serves the API of AWS DMS and a console for you to play, and prints the commands to",
      "paste. Nothing is left behind at the end, except the table public.foo in a target that",
      "you named."
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

  @Option(names = "--once", description = "Plays all steps and ends.")
  private boolean once;

  @Option(names = "--json", description = "Prints one JSON object a step.")
  private boolean json;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "4599",
      description = "Port of the service without --once; 0 for any (default: ${DEFAULT-VALUE}).")
  private int port;

  private final CountDownLatch told = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    SinkUrl sinkUrl = sink == null ? null : SinkUrl.parse(sink, System.getenv());
    if (!once) {
      ServedDemo served = new ServedDemo(sinkUrl, port, spec.commandLine().getOut());
      Ending.after(told::await, told::countDown, served::close);
      return Failures.DONE;
    }
    DemoOutput output = new DemoOutput(spec.commandLine().getOut(), json);
    Demo demo = Demo.open(sinkUrl, output);
    Ending.after(demo::play, () -> {}, demo::close);
    return Failures.DONE;
  }
}
