package io.dynapipe.examples;

import io.dynapipe.deploy.Conversation;
import java.nio.charset.Charset;
import java.util.Scanner;

/** Tells everything, and asks at the terminal. */
final class Console implements Conversation {

  @Override
  public void say(String line) {
    System.out.println(line);
  }

  @Override
  public void progress(String line) {
    System.out.println(line);
  }

  @Override
  public boolean confirm(String question) {
    System.out.print(question + " (yes/no) ");
    System.out.flush();
    return new Scanner(System.in, Charset.defaultCharset()).nextLine().equals("yes");
  }
}
