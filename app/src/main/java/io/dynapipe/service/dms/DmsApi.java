package io.dynapipe.service.dms;

import io.dynapipe.service.aws.AwsApi;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.service.logs.LogStream;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.service.state.SecretBox;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The API of DMS, with the work that its operations begin. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/dms/latest/APIReference/Welcome.html">AWS DMS API
 *     Reference</a>
 */
public final class DmsApi implements AutoCloseable {

  private static final String TARGET = "AmazonDMSv20160101";
  private static final int WORKERS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Registry registry;
  private final TaskEngine engine;
  private final ExecutorService worker;
  private final Instances instances;
  private final Connections connections;
  private final Assessments assessments;
  private final TaskLife life;
  private final LogStore logs;
  private final AwsApi api;

  /**
   * The API over resources and engine.
   *
   * @param state the directory for files that belong to resources
   */
  public DmsApi(Registry registry, Account account, Path state, TaskEngine engine, LogStore logs) {
    this.registry = registry;
    this.engine = engine;
    this.logs = logs;
    Clock clock = Clock.systemUTC();
    SecretBox secrets = SecretBox.open(state);
    AtomicInteger number = new AtomicInteger();
    worker =
        Executors.newFixedThreadPool(
            WORKERS,
            work -> {
              Thread thread = new Thread(work, "dynapipe-dms-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    Events events = new Events(registry, clock);
    EndpointAccess access = new EndpointAccess(registry, account, secrets);
    instances = new Instances(registry, account, events, clock);
    connections = new Connections(registry, access, engine, worker);
    life = new TaskLife(registry, engine, new Plans(registry, access), events, worker, clock);
    assessments = new Assessments(registry, account, access, worker, clock);
    Statistics statistics = new Statistics(engine, clock);
    TaskViews views = new TaskViews(registry, engine, statistics, logs);
    List<Operation> operations = new ArrayList<>();
    Stream.of(
            instances.operations(),
            new SubnetGroups(registry, account).operations(),
            new Endpoints(registry, account, secrets).operations(),
            new EndpointCatalog().operations(),
            connections.operations(),
            new Schemas(registry, access, worker, clock).operations(),
            new Tasks(registry, account, life, views, connections, events, clock).operations(),
            views.operations(),
            new Replications(registry, account, life, views, statistics, clock).operations(),
            new Tags(registry).operations(),
            events.operations(),
            new AccountFacts(registry, account).operations(),
            new Certificates(registry, account, state.resolve("certificates"), clock).operations(),
            assessments.operations(),
            NotOffered.operations())
        .forEach(operations::addAll);
    api = new AwsApi(TARGET, operations);
  }

  /**
   * A task or serverless replication.
   *
   * @param id the resource part of its ARN
   * @param instance the name of its instance; empty for a serverless replication
   */
  public record TaskState(String id, String name, String instance, String status) {}

  /** All tasks and serverless replications. */
  public List<TaskState> tasks() {
    return Stream.of(Kind.TASK, Kind.CONFIG)
        .flatMap(kind -> registry.all(kind).stream())
        .map(
            task -> {
              Resource instance = registry.find(Kind.INSTANCE, task.text("ReplicationInstanceArn"));
              return new TaskState(
                  Plans.id(task),
                  Plans.label(task),
                  instance == null ? "" : instance.text("ReplicationInstanceIdentifier"),
                  RunState.status(task));
            })
        .toList();
  }

  /** The log of a task; null when it has written none. */
  public @Nullable LogStream log(String arn) {
    for (Kind kind : List.of(Kind.TASK, Kind.CONFIG)) {
      Resource task = registry.find(kind, arn);
      if (task != null) {
        return logs.find(Plans.logGroup(registry, task), Plans.logStream(task));
      }
    }
    return null;
  }

  public AwsApi api() {
    return api;
  }

  /** Makes what has to be there, and goes on with what ran when the service ended. */
  public void open() {
    instances.makeLocal();
    engine.open(
        Stream.of(Kind.TASK, Kind.CONFIG)
            .flatMap(kind -> registry.all(kind).stream())
            .map(Plans::id)
            .toList());
    connections.recover();
    assessments.recover();
    life.recover();
  }

  /** Lets no more work begin, and waits for what has begun; tasks that run keep their state. */
  @Override
  public void close() {
    life.close();
    worker.shutdown();
    try {
      if (!worker.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
