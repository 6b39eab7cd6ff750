package io.dynapipe.deploy;

/** With the person who deploys. */
public interface Conversation {

  /** Tells something that is a result. */
  void say(String line);

  /** Tells how it goes on. */
  void progress(String line);

  /** Asks, and answers false unless the person agrees. */
  boolean confirm(String question);
}
