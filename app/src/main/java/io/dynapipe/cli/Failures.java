package io.dynapipe.cli;

import io.dynapipe.error.PipelineException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns failures into a message of cause and cure, and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_INPUT = 2;
  static final int ENVIRONMENT = 3;

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof PipelineException known) {
      print(err, known);
      return exitCode(known);
    }
    err.println("error: " + failure);
    err.println("  This is a defect of Dynapipe; please report it with these lines:");
    failure.printStackTrace(err);
    err.flush();
    return FAILED;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine commandLine = failure.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("error: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("  Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return WRONG_INPUT;
  }

  static void print(PrintWriter err, PipelineException failure) {
    err.println("error: " + failure.getMessage());
    String cure = failure.cure();
    if (cure != null) {
      err.println("  " + cure);
    }
    err.flush();
  }

  static int exitCode(PipelineException failure) {
    return switch (failure.kind()) {
      case INPUT -> WRONG_INPUT;
      case ENVIRONMENT, RETRYABLE -> ENVIRONMENT;
      case PERMANENT -> FAILED;
    };
  }
}
