package io.dynapipe.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Runnable {

  @ParentCommand private Main main = new Main();

  @Override
  public void run() {
    new CommandLine(main).printVersionHelp(System.out);
  }
}
