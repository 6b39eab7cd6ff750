package io.dynapipe.deploy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows a stack while it changes, and remembers what failed. One thread, one change. */
final class StackWatch {

  private final Stacks stacks;
  private final Conversation talk;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Stacks.Event> failures = new LinkedHashMap<>();

  StackWatch(Stacks stacks, Conversation talk) {
    this.stacks = stacks;
    this.talk = talk;
  }

  /** How the change ended, and what failed on the way, the first failure first. */
  record End(String status, List<Stacks.Event> failures) {}

  /** What happened before the change does not belong to it. */
  void begin(String stackId) {
    stacks.events(stackId).forEach(event -> seen.add(event.id()));
  }

  /**
   * Waits for the end of the change.
   *
   * @param stackId its id: a deleted stack is no longer found by its name
   */
  End await(String stackId) {
    return Waiting.minutes("the end of the stack's change").until(() -> step(stackId));
  }

  private Optional<End> step(String stackId) {
    Optional<Stacks.Stack> stack = stacks.find(stackId);
    show(stackId);
    if (stack.isEmpty()) {
      return Optional.of(new End("DELETE_COMPLETE", List.copyOf(failures.values())));
    }
    return stack.get().isBusy()
        ? Optional.empty()
        : Optional.of(new End(stack.get().status(), List.copyOf(failures.values())));
  }

  private void show(String stackId) {
    List<Stacks.Event> fresh = new ArrayList<>();
    for (Stacks.Event event : stacks.events(stackId)) {
      if (seen.add(event.id())) {
        fresh.add(event);
      }
    }
    Collections.reverse(fresh);
    for (Stacks.Event event : fresh) {
      String reason = event.reason().isEmpty() ? "" : "  " + event.reason();
      talk.progress("  " + event.status() + "  " + event.resource() + reason);
      // What was cancelled because something else failed, is no cause.
      if (event.isFailure() && !event.reason().contains("Resource creation cancelled")) {
        failures.putIfAbsent(event.resource(), event);
      }
    }
  }
}
