package io.dynapipe.deploy;

import java.util.List;
import java.util.Optional;

/** Brings a stack that is stuck, into a state from which it can be changed. */
final class Repair {

  private final Stacks stacks;
  private final String name;
  private final Conversation talk;

  Repair(Stacks stacks, String name, Conversation talk) {
    this.stacks = stacks;
    this.name = name;
    this.talk = talk;
  }

  /** Answers false when the person wants no help. */
  boolean makeUsable() {
    Optional<Stacks.Stack> stack = stacks.find();
    if (stack.isPresent() && stack.get().isBusy()) {
      talk.progress("another change of the stack is under way; waiting for its end");
      new StackWatch(stacks, talk).await(stack.get().id());
      stack = stacks.find();
    }
    if (stack.isEmpty()) {
      return true;
    }
    return switch (stack.get().status()) {
      case "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED" ->
          beginAgain(stack.get());
      case "UPDATE_ROLLBACK_FAILED" -> goOnRollingBack(stack.get());
      default -> true;
    };
  }

  private boolean beginAgain(Stacks.Stack stack) {
    talk.say(
        "The stack "
            + name
            + " is in "
            + stack.status()
            + ": it failed when it was made or deleted, and CloudFormation can only delete it.");
    tellFailures(stack);
    if (!talk.confirm("Delete what is left of it, and begin again?")) {
      return false;
    }
    StackWatch watch = new StackWatch(stacks, talk);
    watch.begin(stack.id());
    stacks.delete(stack.id());
    StackWatch.End end = watch.await(stack.id());
    if (!end.status().equals("DELETE_COMPLETE")) {
      throw Explanations.ofFailure(name, end);
    }
    return true;
  }

  private boolean goOnRollingBack(Stacks.Stack stack) {
    talk.say(
        "The stack "
            + name
            + " is in UPDATE_ROLLBACK_FAILED: a change failed, and going back failed, too.");
    List<String> stuck = tellFailures(stack);
    if (!talk.confirm("Go on with the roll-back?")) {
      return false;
    }
    StackWatch.End end = rollBack(stack, List.of());
    if (end.status().equals("UPDATE_ROLLBACK_FAILED")) {
      List<String> failed =
          end.failures().stream()
              .map(Stacks.Event::resource)
              .filter(resource -> !resource.equals(name))
              .toList();
      List<String> skipped = failed.isEmpty() ? stuck : failed;
      talk.say(
          "It failed again. CloudFormation can leave out "
              + String.join(", ", skipped)
              + " and take them for rolled back; the next 'up' sets them right.");
      if (!talk.confirm("Leave them out?")) {
        return false;
      }
      end = rollBack(stack, skipped);
    }
    if (!end.status().equals("UPDATE_ROLLBACK_COMPLETE")) {
      throw Explanations.ofFailure(name, end);
    }
    return true;
  }

  private StackWatch.End rollBack(Stacks.Stack stack, List<String> skipped) {
    StackWatch watch = new StackWatch(stacks, talk);
    watch.begin(stack.id());
    stacks.continueRollback(skipped);
    return watch.await(stack.id());
  }

  /** Tells what failed last time, with cures; answers the resources. */
  private List<String> tellFailures(Stacks.Stack stack) {
    List<Stacks.Event> failures =
        stacks.events(stack.id()).stream()
            .filter(Stacks.Event::isFailure)
            .filter(event -> !event.type().equals("AWS::CloudFormation::Stack"))
            .filter(event -> !event.reason().contains("Resource creation cancelled"))
            .limit(5)
            .toList();
    for (Stacks.Event failure : failures) {
      talk.say("  " + failure.resource() + ": " + failure.reason());
      Explanations.cure(failure.reason()).ifPresent(cure -> talk.say("    " + cure));
    }
    return failures.stream().map(Stacks.Event::resource).distinct().toList();
  }
}
