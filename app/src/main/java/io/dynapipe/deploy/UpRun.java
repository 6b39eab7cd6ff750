package io.dynapipe.deploy;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.error.PipelineException;
import io.dynapipe.image.Architecture;
import io.dynapipe.image.ImageBuilder;
import io.dynapipe.image.ImageKind;
import io.dynapipe.image.ImageRequest;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings a stack to what was asked for, from whatever state it is in. Used once. */
final class UpRun {

  private static final Set<String> REPLICATIONS = Set.of("ReplicationTask", "ReplicationConfig");

  private final AwsClient aws;
  private final PipelineSpec spec;
  private final Conversation talk;
  private final Stacks stacks;
  private final Preflight preflight;

  UpRun(AwsClient aws, PipelineSpec spec, Conversation talk) {
    this.aws = aws;
    this.spec = spec;
    this.talk = talk;
    this.stacks = new Stacks(aws, spec.stack());
    this.preflight = new Preflight(aws, talk);
  }

  /** Answers false when the person did not agree. */
  boolean run() {
    // What is wrong with files and options is told before AWS is asked.
    Template template = spec.template();
    preflight.account();
    if (!new Repair(stacks, spec.stack(), talk).makeUsable()) {
      return false;
    }
    Optional<Stacks.Stack> before = stacks.find();
    Map<String, String> parameters = parameters(template, before.map(Stacks.Stack::parameters));
    String id = "dynapipe-" + Long.toString(System.currentTimeMillis(), 36);
    boolean create = before.isEmpty() || before.get().isEmpty();
    Stacks.ChangeSet changes = stacks.prepare(create, id, template, parameters);
    if (changes.nothing() || isSame(changes, before, template, parameters)) {
      talk.say("The stack " + spec.stack() + " is up to date: nothing changes.");
    } else if (!carryOut(changes)) {
      return false;
    }
    startReplication();
    return true;
  }

  /** Some CloudFormations make an empty change set where AWS's makes none. */
  private boolean isSame(
      Stacks.ChangeSet changes,
      Optional<Stacks.Stack> before,
      Template template,
      Map<String, String> parameters) {
    boolean same =
        changes.changes().isEmpty()
            && before.isPresent()
            && parameters.entrySet().stream()
                .allMatch(
                    entry ->
                        plain(entry.getValue())
                            .equals(
                                plain(before.get().parameters().getOrDefault(entry.getKey(), ""))))
            && stacks.template().tree().equals(template.tree());
    if (same) {
      stacks.discard(changes.id());
    }
    return same;
  }

  /** Lists are told in different ways. */
  private static String plain(String value) {
    return value.replaceAll("[\\[\\]' ]", "");
  }

  private boolean carryOut(Stacks.ChangeSet changes) {
    talk.say("Changes of the stack " + spec.stack() + " in " + aws.region() + ":");
    changes.changes().forEach(change -> talk.say("  " + change));
    if (changes.changes().isEmpty()) {
      talk.say("  parameters or outputs only");
    }
    if (!talk.confirm("Make these changes?")) {
      stacks.discard(changes.id());
      talk.say("Nothing was changed. Image and secrets that were made stay until 'down'.");
      return false;
    }
    boolean resume = stopIfChanged(changes.changes());
    String stackId = stacks.find().map(Stacks.Stack::id).orElse(spec.stack());
    StackWatch watch = new StackWatch(stacks, talk);
    watch.begin(stackId);
    stacks.execute(changes.id());
    StackWatch.End end = watch.await(stackId);
    if (resume) {
      Replication.find(aws, spec.stack())
          .filter(Replication::isAtRest)
          .ifPresent(replication -> replication.start(Replication.RESUME));
    }
    if (!end.status().equals("CREATE_COMPLETE") && !end.status().equals("UPDATE_COMPLETE")) {
      throw Explanations.ofFailure(spec.stack(), end);
    }
    return true;
  }

  /** AWS DMS changes no task that runs. Answers whether it is to go on afterwards. */
  private boolean stopIfChanged(List<Stacks.Change> changes) {
    boolean touched = changes.stream().anyMatch(change -> REPLICATIONS.contains(change.resource()));
    Optional<Replication> replication =
        touched ? Replication.find(aws, spec.stack()) : Optional.empty();
    if (replication.isEmpty() || !replication.get().isRunning()) {
      return false;
    }
    talk.progress("the replication is stopped while it is changed");
    Deployment.stopAndWait(aws, spec.stack());
    return true;
  }

  private Map<String, String> parameters(Template template, Optional<Map<String, String>> before) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : template.parameters()) {
      before.map(known -> known.get(name)).ifPresent(value -> values.put(name, value));
    }
    // The roles that a stack of ours made stay in it; a new one makes those that are missing.
    if (before.isEmpty()) {
      values.put("CreateDmsVpcRole", "" + !preflight.hasRole(Preflight.VPC_ROLE));
      values.put("CreateDmsLogsRole", "" + !preflight.hasRole(Preflight.LOGS_ROLE));
    }
    putUnlessLong(values, "TableMappings", spec.tableMappings());
    putUnlessLong(values, "TaskSettings", spec.taskSettings());
    if (!spec.jsonColumns().isEmpty()) {
      values.put("ColumnTypes", JsonColumns.of(spec.jsonColumns()));
    }
    values.putAll(spec.parameters());
    String replication = values.getOrDefault("Replication", template.defaultOf("Replication"));
    if (before.isEmpty() && !replication.equals("none")) {
      preflight.checkQuotas(replication.equals("serverless"));
    }
    putSecrets(values);
    putImage(values);
    checkNames(template, values);
    return values;
  }

  private static void putUnlessLong(
      Map<String, String> values, String name, @Nullable String text) {
    if (text != null && !PipelineSpec.isLong(text)) {
      values.put(name, text);
    }
  }

  private void putSecrets(Map<String, String> values) {
    Secrets secrets = new Secrets(aws, spec.stack());
    String sink = spec.sink();
    if (sink != null) {
      preflight.checkSink(sink);
      secrets.restore("sink");
      values.put("SinkSecretArn", secrets.put("sink", sink));
    } else if (values.getOrDefault("SinkSecretArn", "").isEmpty()) {
      throw PipelineException.input(
          "no sink is given",
          "Give --sink crate://user:password@host:4200/?ssl=true; or --parameter"
              + " SinkSecretArn=ARN of a secret with such a text.");
    }
    String source = spec.source();
    if (source != null) {
      PostgresUrl url = SourceUrl.parse(source, Map.of());
      secrets.restore("source");
      values.put("SourceSecretArn", secrets.put("source", sourceSecret(url)));
      values.put("SourceDatabase", url.database());
      lookForJson(values, url);
    }
  }

  /** In the form that AWS DMS reads. */
  private static String sourceSecret(PostgresUrl url) {
    return AwsClient.object()
        .put("username", url.user())
        .put("password", url.password() == null ? "" : url.password().reveal())
        .put("host", url.hosts().get(0).host())
        .put("port", url.hosts().get(0).port())
        .toString();
  }

  private void lookForJson(Map<String, String> values, PostgresUrl url) {
    if (!spec.jsonColumns().isEmpty() || spec.parameters().containsKey("ColumnTypes")) {
      return;
    }
    try {
      values.put("ColumnTypes", JsonColumns.lookAt(url));
      talk.progress("  columns that hold JSON: " + values.get("ColumnTypes"));
    } catch (SQLException e) {
      talk.progress(
          "  warning: the source cannot be looked at from here ("
              + e.getMessage()
              + "). Name its JSON columns with --json-column schema.table.column.");
    }
  }

  private void putImage(Map<String, String> values) {
    if (spec.image() != null) {
      values.put("ImageUri", spec.image());
    } else if (!spec.parameters().containsKey("ImageUri")) {
      ImageRequest request =
          ImageRequest.of(ImageKind.LAMBDA)
              .withArchitecture(Architecture.parse(values.getOrDefault("Architecture", "x86_64")));
      String base = spec.baseImage();
      talk.progress("the function's image is built and pushed");
      String uri =
          new ImageRepository(aws, spec.stack())
              .push(
                  ImageBuilder.ofThisInstallation(
                      warning -> talk.progress("  warning: " + warning)),
                  base == null ? request : request.withBase(base));
      talk.progress("  " + uri);
      values.put("ImageUri", uri);
    }
  }

  private static void checkNames(Template template, Map<String, String> values) {
    for (String name : values.keySet()) {
      if (!template.parameters().contains(name)) {
        throw PipelineException.input(
            "the template has no parameter " + name,
            "Its parameters are " + String.join(", ", template.parameters()) + ".");
      }
    }
  }

  private void startReplication() {
    Optional<Replication> found = Replication.find(aws, spec.stack());
    if (found.isEmpty()) {
      return;
    }
    Replication replication = found.get();
    if (replication.isNew()) {
      talk.progress("AWS DMS connects to both ends");
      replication.testEndpoints(talk);
      replication.start(Replication.START);
      talk.say("The replication starts.");
    } else if (replication.isAtRest()) {
      talk.say(
          "The replication is "
              + replication.status()
              + " and stays so. "
              + replication.trouble()
              + "\n  Go on with 'dynapipe deploy resume --stack "
              + spec.stack()
              + "'.");
    }
  }
}
