package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.preflight.Finding;
import io.dynapipe.preflight.Preflight;
import io.dynapipe.preflight.Report;
import io.dynapipe.preflight.Severity;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Premigration assessments: the checks of {@code dynapipe check}, run for a task. */
final class Assessments {

  private static final Logger LOG = LoggerFactory.getLogger(Assessments.class);

  /** As {@code docs/check.md} names them. */
  private static final List<String> SOURCE_CHECKS =
      List.of(
          "source",
          "server-version",
          "encoding",
          "select-privilege",
          "row-security",
          "relation-kind",
          "primary-key",
          "generated-columns",
          "column-count",
          "numeric-without-precision");

  private static final List<String> CDC_CHECKS =
      List.of(
          "wal-level",
          "standby",
          "replication-slots",
          "wal-senders",
          "wal-sender-timeout",
          "slot-wal-keep-size",
          "replication-role",
          "publication",
          "slots",
          "long-transactions",
          "prepared-transactions",
          "replica-identity");

  private static final String RUNNING = "running";

  private final Registry registry;
  private final Account account;
  private final EndpointAccess access;
  private final Executor worker;
  private final Clock clock;

  Assessments(
      Registry registry, Account account, EndpointAccess access, Executor worker, Clock clock) {
    this.registry = registry;
    this.account = account;
    this.access = access;
    this.worker = worker;
    this.clock = clock;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "StartReplicationTaskAssessmentRun",
            "Runs the checks of 'dynapipe check' at the source, for a task that does not run."
                + " Causes and cures come in LastFailureMessage and in the service's log; nothing"
                + " is written to the bucket.",
            InputShape.of(
                "ReplicationTaskArn! ServiceAccessRoleArn! ResultLocationBucket!",
                "AssessmentRunName! ResultLocationFolder ResultEncryptionMode:SSE_S3|SSE_KMS",
                "ResultKmsKeyArn IncludeOnly:texts Exclude:texts Tags:objects"),
            this::start),
        Operation.of(
            "CancelReplicationTaskAssessmentRun",
            "Refuses: the checks take seconds and end by themselves.",
            InputShape.of("ReplicationTaskAssessmentRunArn!"),
            this::cancel),
        Operation.of(
            "DeleteReplicationTaskAssessmentRun",
            "Forgets an assessment run that has ended.",
            InputShape.of("ReplicationTaskAssessmentRunArn!"),
            this::delete),
        Operation.of(
            "DescribeReplicationTaskAssessmentRuns",
            "Lists assessment runs with what they came to.",
            InputShape.of(Listing.INPUT),
            this::runs),
        Operation.of(
            "DescribeReplicationTaskIndividualAssessments",
            "Lists the single checks of assessment runs.",
            InputShape.of(Listing.INPUT),
            this::individual),
        Operation.of(
            "DescribeApplicableIndividualAssessments",
            "Lists the checks there are.",
            InputShape.of(
                "ReplicationTaskArn ReplicationInstanceArn ReplicationConfigArn SourceEngineName",
                "TargetEngineName MigrationType MaxRecords:integer Marker"),
            this::applicable));
  }

  private static List<String> checks(boolean cdc) {
    TreeSet<String> checks = new TreeSet<>(SOURCE_CHECKS);
    if (cdc) {
      checks.addAll(CDC_CHECKS);
    }
    return List.copyOf(checks);
  }

  private Resource run(Input input) {
    String arn = input.required("ReplicationTaskAssessmentRunArn");
    Resource run = registry.find(Kind.ASSESSMENT_RUN, arn);
    if (run == null) {
      throw Fault.notFound("Assessment run " + arn + " not found.");
    }
    return run;
  }

  private static List<String> chosen(Input input, boolean cdc) {
    List<String> only = input.texts("IncludeOnly");
    List<String> without = input.texts("Exclude");
    if (!only.isEmpty() && !without.isEmpty()) {
      throw Fault.invalidCombination("Give IncludeOnly or Exclude, not both.");
    }
    List<String> all = checks(cdc);
    for (List<String> named : List.of(only, without)) {
      for (String name : named) {
        if (!all.contains(name)) {
          throw Fault.invalidValue(
              "There is no individual assessment '"
                  + name
                  + "' for this task. Valid values: "
                  + String.join(", ", all)
                  + ".");
        }
      }
    }
    return all.stream()
        .filter(name -> only.isEmpty() || only.contains(name))
        .filter(name -> !without.contains(name))
        .toList();
  }

  private ObjectNode start(Input input) {
    Resource task = Tasks.require(registry, input.required("ReplicationTaskArn"));
    List<String> checks = chosen(input, Plans.migrationType(task).streams());
    String arn = account.arn(Kind.ASSESSMENT_RUN, Account.newResourceId());
    Resource testing =
        registry.update(
            Kind.TASK,
            task.key(),
            r -> {
              if (!RunState.isResting(r)) {
                throw Fault.invalidState(
                    "Replication task "
                        + Plans.label(r)
                        + " cannot be assessed: it is "
                        + RunState.status(r)
                        + ".");
              }
              r.kept().put("statusBefore", RunState.status(r));
              r.kept().put("status", RunState.TESTING);
            });
    if (testing == null) {
      throw Fault.notFound("Replication task " + task.key() + " not found.");
    }
    ObjectNode shown = Json.object();
    shown.put("ReplicationTaskAssessmentRunArn", arn);
    shown.put("ReplicationTaskArn", task.key());
    shown.put("Status", RUNNING);
    shown.set(
        "ReplicationTaskAssessmentRunCreationDate",
        Json.seconds(Instant.ofEpochMilli(clock.millis())));
    for (String member :
        List.of(
            "ServiceAccessRoleArn",
            "ResultLocationBucket",
            "ResultLocationFolder",
            "ResultEncryptionMode",
            "ResultKmsKeyArn",
            "AssessmentRunName")) {
      if (input.has(member)) {
        shown.put(member, input.required(member));
      }
    }
    ObjectNode kept = Json.object();
    ArrayNode names = kept.putArray("checks");
    checks.forEach(names::add);
    Resource run = registry.create(Kind.ASSESSMENT_RUN, arn, shown, kept);
    worker.execute(() -> assess(run, task));
    ObjectNode answer = Json.object();
    answer.set("ReplicationTaskAssessmentRun", show(run));
    return answer;
  }

  /** Runs that a crash has interrupted have failed; their tasks rest again. */
  void recover() {
    for (Resource run : registry.all(Kind.ASSESSMENT_RUN)) {
      if (run.text("Status").equals(RUNNING)) {
        end(run, "failed", "The service ended while the checks ran.", Map.of());
      }
    }
  }

  private void assess(Resource run, Resource task) {
    try {
      Resource source = Endpoints.require(registry, task.text("SourceEndpointArn"));
      Report report =
          new Preflight(
                  access.database(source),
                  TableMappings.parse(task.text("TableMappings")),
                  Plans.migrationType(task).streams(),
                  null,
                  null,
                  Preflight.Limits.DEFAULT)
              .run();
      Map<String, String> statuses = new LinkedHashMap<>();
      run.kept().path("checks").forEach(name -> statuses.put(name.asText(), "passed"));
      List<Finding> findings =
          report.findings().stream().filter(f -> statuses.containsKey(f.check())).toList();
      // The weightiest comes first and stays.
      findings.stream()
          .filter(finding -> "passed".equals(statuses.get(finding.check())))
          .forEach(finding -> statuses.put(finding.check(), status(finding.severity())));
      findings.forEach(finding -> LOG.info("assessment of {}: {}", Plans.label(task), finding));
      String worst =
          statuses.containsValue("failed")
              ? "failed"
              : statuses.containsValue("warning") ? "warning" : "passed";
      String message =
          findings.stream()
              .filter(finding -> finding.severity() != Severity.INFO)
              .map(f -> f.check() + ": " + f.cause() + " " + f.cure())
              .collect(Collectors.joining(" "));
      end(run, worst, message, statuses);
    } catch (PipelineException e) {
      String cure = e.cure() == null ? "" : " " + e.cure();
      end(run, "failed", e.getMessage() + cure, Map.of());
    } catch (Fault e) {
      end(run, "failed", String.valueOf(e.getMessage()), Map.of());
    } catch (RuntimeException e) {
      LOG.error("assessment {} met a defect", run.key(), e);
      end(run, "error-executing", "A defect of the service, whose log tells more.", Map.of());
    }
  }

  private static String status(Severity severity) {
    return switch (severity) {
      case INFO -> "passed";
      case WARNING -> "warning";
      case ERROR -> "failed";
    };
  }

  private void end(Resource run, String status, String message, Map<String, String> statuses) {
    registry.update(
        Kind.ASSESSMENT_RUN,
        run.key(),
        r -> {
          r.shown().put("Status", status);
          if (!message.isEmpty()) {
            r.shown().put("LastFailureMessage", message);
          }
          ObjectNode outcomes = r.kept().putObject("outcomes");
          r.kept()
              .path("checks")
              .forEach(
                  name ->
                      outcomes.put(name.asText(), statuses.getOrDefault(name.asText(), "error")));
        });
    registry.update(
        Kind.TASK,
        run.text("ReplicationTaskArn"),
        r -> {
          if (RunState.status(r).equals(RunState.TESTING)) {
            r.kept().set("status", r.kept().remove("statusBefore"));
          }
        });
  }

  private ObjectNode show(Resource run) {
    ObjectNode shown = run.shown().deepCopy();
    int checks = run.kept().path("checks").size();
    ObjectNode outcomes =
        run.kept().path("outcomes") instanceof ObjectNode object ? object : Json.object();
    shown
        .putObject("AssessmentProgress")
        .put("IndividualAssessmentCount", checks)
        .put("IndividualAssessmentCompletedCount", outcomes.size());
    ObjectNode statistic = shown.putObject("ResultStatistic");
    Map.of("Passed", "passed", "Failed", "failed", "Error", "error", "Warning", "warning")
        .forEach((member, status) -> statistic.put(member, count(outcomes, status)));
    statistic.put("Cancelled", 0);
    statistic.put("Skipped", 0);
    boolean latest =
        registry.all(Kind.ASSESSMENT_RUN).stream()
            .filter(r -> r.text("ReplicationTaskArn").equals(run.text("ReplicationTaskArn")))
            .noneMatch(r -> r.sequence() > run.sequence());
    shown.put("IsLatestTaskAssessmentRun", latest);
    return shown;
  }

  private static long count(ObjectNode outcomes, String status) {
    return outcomes.properties().stream()
        .filter(outcome -> outcome.getValue().asText().equals(status))
        .count();
  }

  private ObjectNode cancel(Input input) {
    throw Fault.invalidState(
        "Assessment run "
            + run(input).key()
            + " cannot be cancelled: its checks end by themselves within seconds.");
  }

  private ObjectNode delete(Input input) {
    Resource run = run(input);
    if (run.text("Status").equals(RUNNING)) {
      throw Fault.invalidState("Assessment run " + run.key() + " is running.");
    }
    ObjectNode answer = Json.object();
    answer.set("ReplicationTaskAssessmentRun", show(run).put("Status", RunState.DELETING));
    registry.remove(Kind.ASSESSMENT_RUN, run.key());
    return answer;
  }

  private ObjectNode runs(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("replication-task-assessment-run-arn", Resource::key)
        .filter("replication-task-arn", r -> r.text("ReplicationTaskArn"))
        .filter("replication-instance-arn", this::instance)
        .filter("status", r -> r.text("Status"))
        .orNotFound("Assessment run")
        .answer("ReplicationTaskAssessmentRuns", registry.all(Kind.ASSESSMENT_RUN), this::show);
  }

  private String instance(Resource run) {
    Resource task = registry.find(Kind.TASK, run.text("ReplicationTaskArn"));
    return task == null ? "" : task.text("ReplicationInstanceArn");
  }

  private record Individual(Resource run, String name, String status) {}

  private ObjectNode individual(Input input) {
    List<Individual> all =
        registry.all(Kind.ASSESSMENT_RUN).stream()
            .flatMap(
                run ->
                    checksOf(run).stream()
                        .map(
                            name ->
                                new Individual(
                                    run,
                                    name,
                                    run.kept().path("outcomes").path(name).asText(RUNNING))))
            .toList();
    return new Listing<Individual>(input, one -> Listing.order(one.run().sequence()) + one.name())
        .filter("replication-task-assessment-run-arn", one -> one.run().key())
        .filter("replication-task-arn", one -> one.run().text("ReplicationTaskArn"))
        .filter("status", Individual::status)
        .orNotFound("Individual assessment")
        .answer("ReplicationTaskIndividualAssessments", all, this::show);
  }

  private static List<String> checksOf(Resource run) {
    List<String> names = new java.util.ArrayList<>();
    run.kept().path("checks").forEach(name -> names.add(name.asText()));
    return names;
  }

  private ObjectNode show(Individual one) {
    ObjectNode shown = Json.object();
    shown.put(
        "ReplicationTaskIndividualAssessmentArn",
        account.arn(
            Kind.INDIVIDUAL_ASSESSMENT,
            Account.resourceId(one.run().key())
                + "-"
                + one.name().toUpperCase(java.util.Locale.ROOT)));
    shown.put("ReplicationTaskAssessmentRunArn", one.run().key());
    shown.put("IndividualAssessmentName", one.name());
    shown.put("Status", one.status());
    shown.set(
        "ReplicationTaskIndividualAssessmentStartDate",
        one.run().shown().path("ReplicationTaskAssessmentRunCreationDate"));
    return shown;
  }

  private ObjectNode applicable(Input input) {
    boolean cdc = true;
    if (input.has("ReplicationTaskArn")) {
      cdc =
          Plans.migrationType(Tasks.require(registry, input.required("ReplicationTaskArn")))
              .streams();
    } else if (input.has("MigrationType")) {
      cdc = Plans.migrationType(input.required("MigrationType")).streams();
    }
    ObjectNode answer = Json.object();
    ArrayNode names = answer.putArray("IndividualAssessmentNames");
    checks(cdc).forEach(names::add);
    return answer;
  }
}
