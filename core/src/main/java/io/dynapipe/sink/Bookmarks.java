package io.dynapipe.sink;

import java.util.Map;

/**
 * Small texts that are kept in the target's table {@code dynapipe.bookmarks}, by owner and name:
 * how far readers of a stream have got, and what they have to tell each other. Thread-safe.
 */
public interface Bookmarks {

  /** All texts of an owner by name, as the last {@link #save} of any process left them. */
  Map<String, String> read(String owner);

  /** Sets a text; durable when this returns. */
  void save(String owner, String name, String value);

  /** Removes a text, if it is there. */
  void remove(String owner, String name);
}
