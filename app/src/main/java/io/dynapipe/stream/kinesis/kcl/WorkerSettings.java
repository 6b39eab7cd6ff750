package io.dynapipe.stream.kinesis.kcl;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.stream.kinesis.WorkerOptions;
import java.time.Duration;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.leases.NoOpShardPrioritization;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ProcessorConfig;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * How we set the Kinesis Client Library. Its defaults are made for fleets that run for weeks: from
 * start to the first record on an empty lease table they take 100 seconds and more. These took 43
 * to 65 in tests on two cores, for some more requests to DynamoDB (about one a second for each
 * worker).
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

  Scheduler scheduler(ShardRecordProcessorFactory processors) {
    ConfigsBuilder configs =
        new ConfigsBuilder(
            tracker(),
            options.application(),
            clients.kinesis(),
            clients.dynamoDb(),
            clients.cloudWatch(),
            workerId,
            processors);
    ProcessorConfig processor = configs.processorConfig();
    return new Scheduler(
        configs.checkpointConfig(),
        coordinator(configs.coordinatorConfig()),
        leases(configs.leaseManagementConfig()),
        configs.lifecycleConfig(),
        metrics(configs.metricsConfig()),
        processor,
        retrieval(configs.retrievalConfig()));
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

  private static CoordinatorConfig coordinator(CoordinatorConfig config) {
    return config
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
        .inMemoryWorkerMetricsCaptureFrequencyMillis(TICK.toMillis() / 2)
        .workerMetricsReporterFreqInMillis(2 * TICK.toMillis());
    return config
        .failoverTimeMillis(FAILOVER.toMillis())
        .leaseAssignmentIntervalMillis(TICK.toMillis())
        .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(TICK.toMillis())
        .dynamoDbLockBasedLeaderLeaseDurationInMillis(FAILOVER.toMillis())
        .shardSyncIntervalMillis(10 * TICK.toMillis())
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
