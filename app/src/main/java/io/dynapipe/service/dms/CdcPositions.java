package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.state.Resource;
import io.dynapipe.task.CdcWindow;
import io.dynapipe.task.MigrationType;
import java.util.List;

/**
 * Where the changes of a task begin and end. What a request tells of it is kept with the task, and
 * shown by it.
 */
final class CdcPositions {

  /** The members of requests. */
  static final String INPUT = "CdcStartTime:time CdcStartPosition CdcStopPosition";

  private static final String START = "CdcStartPosition";
  private static final String STOP = "CdcStopPosition";

  private CdcPositions() {}

  /**
   * Takes over what a request gives; an empty text takes a position back.
   *
   * @throws Fault when a task of this type cannot have what it gets
   * @throws io.dynapipe.error.PipelineException (input) when a position has another form
   */
  static void keep(Input input, MigrationType type, ObjectNode kept) {
    refuseTime(input);
    for (String member : List.of(START, STOP)) {
      String text = input.text(member);
      if (text != null && text.isBlank()) {
        kept.remove(member);
      } else if (text != null) {
        kept.put(member, text);
      }
    }
    CdcWindow window = window(kept);
    if (window.start() != null && type.loads()) {
      throw Fault.invalidCombination(
          "CdcStartPosition is valid for tasks of migration type cdc only: a load is followed by"
              + " the changes since its beginning.");
    }
    if (window.stopMicros() != null && !type.streams()) {
      throw Fault.invalidCombination(
          "CdcStopPosition is not valid for tasks of migration type full-load.");
    }
  }

  private static void refuseTime(Input input) {
    if (!input.has("CdcStartTime")) {
      return;
    }
    throw Fault.invalidCombination(
        input.has(START)
            ? "CdcStartTime and CdcStartPosition cannot be given both."
            : "CdcStartTime is not valid for PostgreSQL, whose changes cannot be read from a time"
                + " on. Give CdcStartPosition, and SlotName at the source endpoint.");
  }

  /**
   * Takes over what a request to start gives.
   *
   * @param resumes whether the task goes on from where it stopped
   * @throws Fault as {@link #keep}, and for a beginning that could not be kept to
   */
  static void keepForStart(
      Input input, boolean resumes, MigrationType type, Resource source, ObjectNode kept) {
    if (resumes && input.has(START)) {
      throw Fault.invalidCombination(
          "CdcStartPosition is not valid with resume-processing, which goes on from where the task"
              + " stopped.");
    }
    keep(input, type, kept);
    if (!resumes && kept.has(START) && slot(source).isEmpty()) {
      throw Fault.invalidCombination(
          "CdcStartPosition needs a replication slot that keeps the changes from there on: give its"
              + " name as SlotName of the source endpoint.");
    }
  }

  /** Forgets what a request to start has told, for resources that keep nothing of it. */
  static void forget(boolean resumes, ObjectNode kept) {
    kept.remove(STOP);
    if (!resumes) {
      kept.remove(START);
    }
  }

  /** The slot that an endpoint names; empty when it names none. */
  static String slot(Resource source) {
    return source.shown().path("PostgreSQLSettings").path("SlotName").asText();
  }

  static CdcWindow window(ObjectNode kept) {
    return CdcWindow.parse(kept.path(START).asText(), kept.path(STOP).asText());
  }

  static void show(Resource task, ObjectNode shown) {
    for (String member : List.of(START, STOP)) {
      if (task.kept().has(member)) {
        shown.set(member, task.kept().get(member));
      }
    }
  }
}
