package io.dynapipe.deploy;

import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.error.PipelineException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline on AWS, brought up and down, looked at and steered. This is the Java API of {@code
 * dynapipe deploy}; {@code examples} shows it at work. One thread at a time.
 */
public final class Deployment implements AutoCloseable {

  private final AwsClient aws;
  private final PipelineSpec spec;
  private final Conversation talk;

  private Deployment(AwsClient aws, PipelineSpec spec, Conversation talk) {
    this.aws = aws;
    this.spec = spec;
    this.talk = talk;
  }

  /** What becomes of the database when the stack goes. */
  public enum DatabaseFate {
    /** It stays, with its network. */
    KEEP("Retain"),
    /** It goes, and a last snapshot stays. */
    SNAPSHOT("Snapshot"),
    /** It goes, with all its data. */
    DELETE("Delete");

    private final String policy;

    DatabaseFate(String policy) {
      this.policy = policy;
    }
  }

  /**
   * With the credentials that all AWS tools find.
   *
   * @param region null: the environment's or the profile's
   */
  public static Deployment connect(PipelineSpec spec, @Nullable String region, Conversation talk) {
    return over(AwsClient.connect(region, System.getenv()), spec, talk);
  }

  static Deployment over(AwsClient aws, PipelineSpec spec, Conversation talk) {
    return new Deployment(aws, spec, talk);
  }

  /**
   * Makes or changes the stack, and starts its replication when it is new. Doing it again changes
   * only what changed.
   *
   * @return empty when the person did not agree
   * @throws PipelineException with the causes, when something failed
   */
  public Optional<Facts> up() {
    return told(() -> new UpRun(aws, spec, talk).run() ? Optional.of(facts()) : Optional.empty());
  }

  /** Names and addresses of all parts. */
  public Facts facts() {
    return told(
        () -> {
          Stacks.Stack stack = new Stacks(aws, spec.stack()).find().orElseThrow(this::noStack);
          return Facts.of(
              aws,
              new Preflight(aws, new Silent(talk)).account(),
              spec.stack(),
              stack,
              Replication.find(aws, spec.stack()));
        });
  }

  /** The password of the database that the stack made; empty when it made none. */
  public Optional<String> databasePassword() {
    return told(
        () -> {
          Secrets secrets = new Secrets(aws, spec.stack());
          return secrets
              .find("database")
              .map(arn -> AwsClient.read(secrets.read(arn)).path("password").asText());
        });
  }

  /** How all parts are. */
  public StatusReport status() {
    return told(() -> StatusReport.of(aws, spec.stack()));
  }

  /** The logs of all parts, from some time ago on. */
  public LogTail logs() {
    return told(() -> new LogTail(aws, spec.stack()));
  }

  /** Starts the replication: the first time, or from where it stopped. */
  public void start() {
    steer(
        replication -> {
          replication.testEndpoints(talk);
          replication.start(replication.isNew() ? Replication.START : Replication.RESUME);
        });
  }

  /** Goes on from where it stopped. */
  public void resume() {
    steer(replication -> replication.start(Replication.RESUME));
  }

  /** Loads all tables again, then streams. */
  public void reload() {
    steer(replication -> replication.start(Replication.RELOAD));
  }

  /** Stops the replication. WAL waits in the source until it goes on. */
  public void stop() {
    told(
        () -> {
          stopAndWait(aws, spec.stack());
          return true;
        });
  }

  private void steer(java.util.function.Consumer<Replication> action) {
    told(
        () -> {
          action.accept(Replication.find(aws, spec.stack()).orElseThrow(this::noReplication));
          return true;
        });
  }

  static void stopAndWait(AwsClient aws, String stack) {
    Optional<Replication> replication = Replication.find(aws, stack);
    if (replication.isPresent() && replication.get().isRunning()) {
      replication.get().stop();
      Waiting.minutes("the end of the replication")
          .until(() -> Replication.find(aws, stack).filter(Replication::isAtRest));
    }
  }

  /**
   * Deletes the stack, the function's image and the secrets that {@code up} made.
   *
   * @return false when the person did not agree
   */
  public boolean down(DatabaseFate fate) {
    return told(() -> takeDown(fate));
  }

  private boolean takeDown(DatabaseFate fate) {
    Stacks stacks = new Stacks(aws, spec.stack());
    Optional<Stacks.Stack> stack = stacks.find();
    boolean database =
        stack.isPresent()
            && stack.get().parameters().getOrDefault("SourceSecretArn", "").isEmpty()
            && !stack.get().parameters().getOrDefault("Replication", "").equals("none");
    talk.say(
        stack.isPresent()
            ? "The stack " + spec.stack() + " (" + stack.get().status() + ") will be deleted."
            : "There is no stack " + spec.stack() + "; what is left of it will be deleted.");
    if (database) {
      talk.say("  Its database: " + fate + ".");
    }
    if (!talk.confirm("Delete it, with stream, function, image and secrets?")) {
      return false;
    }
    if (stack.isPresent()) {
      stopAndWait(aws, spec.stack());
      if (database && fate != DatabaseFate.SNAPSHOT) {
        decideOver(stacks, stack.get(), fate);
      }
      delete(stacks, stack.get());
    }
    Secrets secrets = new Secrets(aws, spec.stack());
    secrets.delete("sink");
    secrets.delete("source");
    new ImageRepository(aws, spec.stack()).delete();
    talk.say(
        "Deleted. The roles dms-vpc-role and dms-cloudwatch-logs-role stay: others of the account"
            + " may use them. The secrets can be restored for seven days.");
    return true;
  }

  /** A resource's fate is part of the template: it is written there before the stack goes. */
  private void decideOver(Stacks stacks, Stacks.Stack stack, DatabaseFate fate) {
    Template running = stacks.template();
    Set<String> concerned =
        fate == DatabaseFate.KEEP ? running.closure("Database") : Set.of("Database");
    Template decided = running.withDeletionPolicy(concerned, fate.policy);
    String id = "dynapipe-down-" + Long.toString(System.currentTimeMillis(), 36);
    Stacks.ChangeSet changes = stacks.prepare(false, id, decided, stack.parameters());
    if (!changes.nothing()) {
      StackWatch watch = new StackWatch(stacks, talk);
      watch.begin(stack.id());
      stacks.execute(id);
      StackWatch.End end = watch.await(stack.id());
      if (!end.status().equals("UPDATE_COMPLETE")) {
        throw Explanations.ofFailure(spec.stack(), end);
      }
    }
  }

  private void delete(Stacks stacks, Stacks.Stack stack) {
    StackWatch watch = new StackWatch(stacks, talk);
    watch.begin(stack.id());
    stacks.delete(stack.id());
    StackWatch.End end = watch.await(stack.id());
    if (!end.status().equals("DELETE_COMPLETE")) {
      throw Explanations.ofFailure(spec.stack(), end);
    }
  }

  /** Refusals of services, told with what to do about them. */
  private static <T> T told(Supplier<T> action) {
    try {
      return action.get();
    } catch (AwsException e) {
      String cure =
          Explanations.cure(String.valueOf(e.getMessage()))
              .orElse(
                  e.isDenied()
                      ? "docs/aws.md has the policy that the person who deploys needs."
                      : "If it stays so, look at the stack in the AWS console.");
      throw PipelineException.environment(
          "AWS refuses: " + e.code() + ": " + e.getMessage(), cure, e);
    }
  }

  private PipelineException noStack() {
    return PipelineException.environment(
        "there is no stack " + spec.stack() + " in " + aws.region(),
        "Make it with 'dynapipe deploy up --stack " + spec.stack() + "'; is the region right?",
        null);
  }

  private PipelineException noReplication() {
    return PipelineException.environment(
        "the stack " + spec.stack() + " has no replication in " + aws.region(),
        "Is the stack up, and not made with Replication=none?",
        null);
  }

  /** What was told once need not be told again. */
  private record Silent(Conversation talk) implements Conversation {
    @Override
    public void say(String line) {}

    @Override
    public void progress(String line) {}

    @Override
    public boolean confirm(String question) {
      return talk.confirm(question);
    }
  }

  @Override
  public void close() {
    aws.close();
  }
}
