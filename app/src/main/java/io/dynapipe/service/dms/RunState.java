package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.state.Resource;
import java.util.Set;

/**
 * How a task or a serverless replication is, in what the registry keeps of it.
 *
 * <pre>
 * creating > ready > starting > running > stopping > stopped
 *              ^        |          |                   |
 *              |        +> failed <+                   |
 *              +--------(start again)------------------+      any resting state > deleting > gone
 * </pre>
 */
final class RunState {

  static final String CREATING = "creating";
  static final String READY = "ready";
  static final String STARTING = "starting";
  static final String RUNNING = "running";
  static final String STOPPING = "stopping";
  static final String STOPPED = "stopped";
  static final String FAILED = "failed";
  static final String MODIFYING = "modifying";
  static final String DELETING = "deleting";
  static final String TESTING = "testing";

  /** States in which a task may be started, changed and deleted. */
  private static final Set<String> RESTING = Set.of(READY, STOPPED, FAILED);

  private RunState() {}

  static String status(Resource resource) {
    return resource.keptText("status");
  }

  static boolean isResting(Resource resource) {
    return RESTING.contains(status(resource));
  }

  /** Whether it was ever started. */
  static boolean hasRun(Resource resource) {
    return resource.kept().path("startMillis").longValue() != 0;
  }

  static void created(ObjectNode kept, long millis) {
    kept.put("status", READY);
    kept.put("createMillis", millis);
  }

  static void starting(ObjectNode kept, String startType, boolean fresh, long millis) {
    kept.put("status", STARTING);
    kept.put("startType", startType);
    kept.put("startMillis", millis);
    kept.put("fresh", fresh);
    if (fresh) {
      kept.put("freshMillis", millis);
    }
    kept.remove("stopMillis");
    kept.remove("stopReason");
    kept.remove("failure");
  }

  /** Whether the last start was one from the beginning. */
  static boolean isFresh(Resource resource) {
    return resource.kept().path("fresh").booleanValue();
  }

  static void stopped(ObjectNode kept, String reason, long millis) {
    kept.put("status", STOPPED);
    kept.put("stopReason", "Stop Reason " + reason);
    kept.put("stopMillis", millis);
  }

  /** In DMS's form, which has two blanks after the first two words. */
  static void failed(ObjectNode kept, String message, long millis) {
    String text = "Last Error  " + message + " Stop Reason FATAL_ERROR Error Level FATAL";
    kept.put("status", FAILED);
    kept.put("stopReason", text);
    kept.put("failure", text);
    kept.put("stopMillis", millis);
  }

  static long millis(Resource resource, String moment) {
    return resource.kept().path(moment).longValue();
  }
}
