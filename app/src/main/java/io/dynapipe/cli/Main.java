package io.dynapipe.cli;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program's entry point. */
@Command(
    name = "dynapipe",
    description = "PostgreSQL to CrateDB, through AWS DMS change events on a Kinesis stream.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ProcessCommand.class,
      ApplyCommand.class,
      CaptureCommand.class,
      QuarantineCommand.class,
      ServeCommand.class,
      CheckCommand.class,
      ImageCommand.class,
      DeployCommand.class,
      VerifyCommand.class,
      VersionCommand.class,
      HelpCommand.class
    })
public final class Main {

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Failures failures = new Failures();
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures)
            .execute(args));
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
