package io.dynapipe.service.logs;

import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.state.Account;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds groups and streams by what requests name. */
final class LogNames {

  private static final int MAX_STREAMS = 100;

  private final LogStore store;
  private final String prefix;

  LogNames(LogStore store, Account account) {
    this.store = store;
    this.prefix = "arn:aws:logs:" + account.region() + ":" + account.id() + ":log-group:";
  }

  String arn(String group) {
    return prefix + group;
  }

  /** The name in a name or an ARN. */
  String name(String identifier) {
    String name =
        identifier.startsWith(prefix) ? identifier.substring(prefix.length()) : identifier;
    return name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
  }

  /**
   * The group that a request names.
   *
   * @throws Fault when it names none or two, or one that is not there
   */
  String group(Input input) {
    String name = input.text("logGroupName");
    String identifier = input.text("logGroupIdentifier");
    if ((name == null) == (identifier == null)) {
      throw LogsApi.wrong("Give either logGroupName or logGroupIdentifier.");
    }
    return requireGroup(name == null ? name(String.valueOf(identifier)) : name);
  }

  String requireGroup(String group) {
    if (!store.hasGroup(group)) {
      throw missing("The specified log group does not exist.");
    }
    return group;
  }

  LogStream stream(String group, String name) {
    for (LogStream stream : store.streams(group)) {
      if (stream.name().equals(name)) {
        return stream;
      }
    }
    throw missing("The specified log stream does not exist.");
  }

  /** The streams of a group that a request names, or all. */
  List<LogStream> streams(Input input, String group) {
    List<String> names = input.texts("logStreamNames");
    @Nullable String streamPrefix = input.text("logStreamNamePrefix");
    if (!names.isEmpty() && streamPrefix != null) {
      throw LogsApi.wrong("logStreamNames and logStreamNamePrefix are mutually exclusive.");
    }
    if (names.size() > MAX_STREAMS) {
      throw LogsApi.wrong("logStreamNames has 100 names at most.");
    }
    List<LogStream> streams = new ArrayList<>();
    for (String name : names) {
      streams.add(stream(group, name));
    }
    return names.isEmpty()
        ? store.streams(group).stream()
            .filter(s -> streamPrefix == null || s.name().startsWith(streamPrefix))
            .toList()
        : streams;
  }

  private static Fault missing(String message) {
    return Fault.of("ResourceNotFoundException", message);
  }
}
