package io.dynapipe.stream.kinesis.kcl;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.stream.kinesis.WorkerOptions;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.coordinator.WorkerStateChangeListener;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.leases.LeaseSerializer;
import software.amazon.kinesis.leases.NoOpShardPrioritization;
import software.amazon.kinesis.leases.dynamodb.DynamoDBLeaseSerializer;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * How we set the Kinesis Client Library. Its defaults are made for fleets that run for weeks: from
 * start to the first record on an empty lease table they take 100 seconds and more. What settings
 * cannot change is in {@link LeaseTable}. The price is some more requests to DynamoDB, about one a
 * second for each worker.
 */
record WorkerSettings(
    KinesisUrl url, WorkerOptions options, String workerId, WorkerClients clients) {

  /** A worker that does not renew a lease for so long has lost it. */
  private static final Duration FAILOVER = Duration.ofSeconds(10);

  private static final Duration TICK = Duration.ofSeconds(1);

  /** The documentation's figure for low latency; more readers a shard need more. */
  private static final Duration POLL = Duration.ofMillis(250);

  private static final int RECORDS_PER_POLL = 5_000;

  /** Batches that wait in memory for each shard, beside the one under way. */
  private static final int PENDING_BATCHES = 1;

  /** What a worker is made of; the table comes first. */
  record Parts(LeaseTable table, Scheduler scheduler) {}

  /**
   * Made anew for each attempt to begin: a scheduler that could not, does not get further by its
   * own next attempts.
   *
   * @param onFailedBegin told why a scheduler ends before it has begun
   */
  Parts parts(ShardRecordProcessorFactory processors, Consumer<Throwable> onFailedBegin) {
    SingleStreamTracker stream = tracker();
    ConfigsBuilder configs =
        new ConfigsBuilder(
            stream,
            options.application(),
            clients.kinesis(),
            clients.dynamoDb(),
            clients.cloudWatch(),
            workerId,
            processors);
    LeaseManagementConfig leases = leases(configs.leaseManagementConfig());
    LeaseSerializer form = new DynamoDBLeaseSerializer();
    LeaseTable table =
        new LeaseTable(
            leases.tableName(),
            clients.dynamoDb(),
            clients.kinesis(),
            leases.leaseManagementFactory(form, false),
            form,
            stream.streamConfigList().get(0));
    Scheduler scheduler =
        new Scheduler(
            configs.checkpointConfig(),
            coordinator(configs.coordinatorConfig(), onFailedBegin),
            leases,
            configs.lifecycleConfig(),
            metrics(configs.metricsConfig()),
            configs.processorConfig(),
            retrieval(configs.retrievalConfig()));
    return new Parts(table, scheduler);
  }

  private SingleStreamTracker tracker() {
    InitialPositionInStreamExtended start =
        InitialPositionInStreamExtended.newInitialPosition(
            options.fromLatest()
                ? InitialPositionInStream.LATEST
                : InitialPositionInStream.TRIM_HORIZON);
    String arn = url.arn();
    return arn == null
        ? new SingleStreamTracker(StreamIdentifier.singleStreamInstance(url.streamName()), start)
        : new SingleStreamTracker(
            StreamIdentifier.singleStreamInstance(Arn.fromString(arn)), start);
  }

  private static CoordinatorConfig coordinator(
      CoordinatorConfig config, Consumer<Throwable> onFailedBegin) {
    return config
        .maxInitializationAttempts(1)
        .workerStateChangeListener(
            new WorkerStateChangeListener() {
              @Override
              public void onWorkerStateChange(WorkerState state) {}

              @Override
              public void onAllInitializationAttemptsFailed(Throwable reason) {
                onFailedBegin.accept(reason);
              }
            })
        .clientVersionConfig(CoordinatorConfig.ClientVersionConfig.CLIENT_VERSION_CONFIG_3X)
        .parentShardPollIntervalMillis(TICK.toMillis())
        .shardConsumerDispatchPollIntervalMillis(POLL.toMillis())
        .schedulerInitializationBackoffTimeMillis(TICK.toMillis())
        .shardPrioritization(new NoOpShardPrioritization());
  }

  private static LeaseManagementConfig leases(LeaseManagementConfig config) {
    config
        .workerUtilizationAwareAssignmentConfig()
        // How loaded a machine is, which the library asks of EC2 and ECS and waits for elsewhere;
        // the bytes of its shards say enough.
        .disableWorkerMetrics(true)
        // A worker is told of to the others two of these after its start; nothing is captured.
        .inMemoryWorkerMetricsCaptureFrequencyMillis(TICK.toMillis() / 10)
        .workerMetricsReporterFreqInMillis(2 * TICK.toMillis());
    return config
        .failoverTimeMillis(FAILOVER.toMillis())
        .leaseAssignmentIntervalMillis(TICK.toMillis())
        .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(TICK.toMillis())
        .dynamoDbLockBasedLeaderLeaseDurationInMillis(FAILOVER.toMillis())
        // The library sleeps for so long behind each look at the shards.
        .shardSyncIntervalMillis(TICK.toMillis())
        .listShardsCacheAllowedAgeInSeconds(5)
        .billingMode(BillingMode.PAY_PER_REQUEST);
  }

  private MetricsConfig metrics(MetricsConfig config) {
    return options.metrics() ? config : config.metricsFactory(new NullMetricsFactory());
  }

  private RetrievalConfig retrieval(RetrievalConfig config) {
    if (options.fanOut()) {
      return config.retrievalSpecificConfig(
          new FanOutConfig(clients.kinesis())
              .streamName(url.streamName())
              .applicationName(options.application()));
    }
    PollingConfig polling =
        new PollingConfig(url.streamName(), clients.kinesis())
            .maxRecords(RECORDS_PER_POLL)
            .maxPendingProcessRecordsInput(PENDING_BATCHES)
            .idleTimeBetweenReadsInMillis(POLL.toMillis());
    return config.retrievalSpecificConfig(polling);
  }
}
