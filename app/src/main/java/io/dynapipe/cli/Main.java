package io.dynapipe.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program's entry point. */
@Command(
    name = "dynapipe",
    description = "PostgreSQL to CrateDB, through AWS DMS change events on a Kinesis stream.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main {

  private static final Set<String> VERSION_OPTIONS = Set.of("-V", "--version");
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("run", RunCommand.class);
    COMMANDS.put("process", ProcessCommand.class);
    COMMANDS.put("apply", ApplyCommand.class);
    COMMANDS.put("capture", CaptureCommand.class);
    COMMANDS.put("quarantine", QuarantineCommand.class);
    COMMANDS.put("serve", ServeCommand.class);
    COMMANDS.put("check", CheckCommand.class);
    COMMANDS.put("image", ImageCommand.class);
    COMMANDS.put("deploy", DeployCommand.class);
    COMMANDS.put("verify", VerifyCommand.class);
    COMMANDS.put("version", VersionCommand.class);
    COMMANDS.put("help", HelpCommand.class);
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }

  /**
   * Knows the command that is named alone: to look at the options of all of them takes a third of
   * the start. It knows all when none is named, for the help and for suggestions.
   */
  static CommandLine commandLine(String... args) {
    Failures failures = new Failures();
    CommandLine line = new CommandLine(new Main());
    Class<?> named = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (named != null && named != HelpCommand.class) {
      line.addSubcommand(args[0], named);
    } else if (args.length == 0 || !VERSION_OPTIONS.contains(args[0])) {
      COMMANDS.forEach(line::addSubcommand);
    }
    return line.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
  }

  /** Reads the version from the jar's manifest; classes run from a directory have none. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"dynapipe " + Objects.requireNonNullElse(version, "development")};
    }
  }
}
