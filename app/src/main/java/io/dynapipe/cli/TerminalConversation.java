package io.dynapipe.cli;

import io.dynapipe.deploy.Conversation;
import io.dynapipe.error.PipelineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * With a person at a terminal, or with nobody.
 *
 * @param yes answers every question
 * @param json keeps the output clean for one JSON object
 */
record TerminalConversation(PrintWriter out, PrintWriter err, boolean yes, boolean json)
    implements Conversation {

  @Override
  public void say(String line) {
    PrintWriter to = json ? err : out;
    to.println(line);
    to.flush();
  }

  @Override
  public void progress(String line) {
    err.println(line);
    err.flush();
  }

  @Override
  public boolean confirm(String question) {
    if (yes) {
      return true;
    }
    err.print(question + " [y/N] ");
    err.flush();
    try {
      // Not closed: it is the process's own input.
      String answer =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      if (answer == null) {
        throw PipelineException.input(
            "nobody is there to answer: " + question, "Give --yes where no person is.");
      }
      return answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      throw PipelineException.environment("the answer cannot be read: " + e, "Give --yes.", e);
    }
  }
}
