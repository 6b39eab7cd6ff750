package io.dynapipe.sink;

import java.util.List;
import java.util.Set;

/**
 * Records that could not be applied, kept in the target's table {@code dynapipe.quarantine} with
 * their reason, until someone retries or drops them. Thread-safe.
 */
public interface Quarantine {

  /** Adds entries, durably; an entry with an id that is there already changes nothing. */
  void add(List<QuarantineEntry> entries);

  /**
   * Writes entries over those of the same ids, durably: a hold is there all the time, the old or
   * the new one. An entry whose id is not there is added.
   */
  void replace(List<QuarantineEntry> entries);

  /** What is held: all {@code table|key} holds present, so that later rows of a key follow it. */
  Set<QuarantineHold> holds();

  /** Entries in stream order, oldest first. */
  List<QuarantineEntry> list();

  /** How many entries there are. */
  default long count() {
    return list().size();
  }

  /** Removes entries by id, those that come first in the list first. */
  void remove(List<String> ids);
}
