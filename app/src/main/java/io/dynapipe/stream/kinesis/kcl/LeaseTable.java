package io.dynapipe.stream.kinesis.kcl;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.kinesis.common.HashKeyRangeForLease;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.StreamConfig;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.leases.Lease;
import software.amazon.kinesis.leases.LeaseManagementFactory;
import software.amazon.kinesis.leases.LeaseRefresher;
import software.amazon.kinesis.leases.LeaseSerializer;
import software.amazon.kinesis.leases.exceptions.LeasingException;
import software.amazon.kinesis.retrieval.kpl.ExtendedSequenceNumber;

/**
 * The fleet's table in DynamoDB, as the library makes it. The library takes its time, and has no
 * settings for it: it looks every ten seconds whether the table is there, adds its index afterwards
 * and looks every ten seconds again, and a worker waits for up to 30 seconds whether another gives
 * an empty table its leases. Here the index comes with the table, and the leases at once. Several
 * workers may do this at the same time, since what is there stays as it is. One thread.
 */
record LeaseTable(
    String name,
    DynamoDbAsyncClient dynamoDb,
    KinesisAsyncClient kinesis,
    LeaseManagementFactory factory,
    LeaseSerializer form,
    StreamConfig stream) {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseTable.class);

  /** The library's name of it. */
  private static final String INDEX = "LeaseOwnerToLeaseKeyIndex";

  private static final BigInteger END_OF_HASH_KEYS = BigInteger.ONE.shiftLeft(128);

  /** The library deletes a lease that is done with after five minutes at the earliest. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Of the worker that made the table. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  private static final long LOOK_AGAIN_MILLIS = 200;

  /**
   * Makes what is missing. Whatever fails is left to the library, which tries again and tells.
   *
   * @throws InterruptedException when the worker ends meanwhile
   */
  void prepare() throws InterruptedException {
    try {
      Optional<TableDescription> table = look();
      boolean ours = table.isEmpty() && create();
      boolean isNew = table.isEmpty();
      while (!table.map(LeaseTable::isActive).orElse(false)) {
        Thread.sleep(LOOK_AGAIN_MILLIS);
        table = look();
      }
      isNew |= makeLeases(factory.createLeaseRefresher());
      if (isNew && !ours) {
        // The library writes its own state next, and does not begin where two write it at a time.
        Thread.sleep(HEAD_START.toMillis());
      }
    } catch (CompletionException | SdkException | LeasingException e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      LOG.warn("lease table '{}' is not made at once: {}", name, cause.getMessage());
    }
  }

  private Optional<TableDescription> look() {
    try {
      return Optional.of(dynamoDb.describeTable(r -> r.tableName(name)).join().table());
    } catch (CompletionException e) {
      if (e.getCause() instanceof ResourceNotFoundException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isActive(TableDescription table) {
    return table.tableStatus() == TableStatus.ACTIVE
        && table.globalSecondaryIndexes().stream()
            .allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
  }

  /** Answers false when another worker was faster. */
  private boolean create() {
    try {
      LOG.info("makes lease table '{}'", name);
      GlobalSecondaryIndex index =
          GlobalSecondaryIndex.builder()
              .indexName(INDEX)
              .keySchema(form.getWorkerIdToLeaseKeyIndexKeySchema())
              .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
              .build();
      Object unused =
          dynamoDb
              .createTable(
                  table ->
                      table
                          .tableName(name)
                          .billingMode(BillingMode.PAY_PER_REQUEST)
                          .keySchema(form.getKeySchema())
                          .attributeDefinitions(
                              form.getWorkerIdToLeaseKeyIndexAttributeDefinitions())
                          .globalSecondaryIndexes(List.of(index)))
              .join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof ResourceInUseException) {
        return false;
      }
      throw e;
    }
  }

  /**
   * One for each shard, as the library makes them. Not long after the look that found none: a lease
   * that others have taken, finished and deleted meanwhile must not come again.
   *
   * @return whether there were none
   */
  private boolean makeLeases(LeaseRefresher leases) throws LeasingException {
    long began = System.nanoTime();
    if (!leases.isLeaseTableEmpty()) {
      return false;
    }
    List<Shard> shards = shards();
    if (!isComplete(shards)) {
      LOG.warn("the shards of '{}' are being changed; the library waits for them", name);
      return true;
    }
    int made = 0;
    for (Shard shard : shards) {
      if (System.nanoTime() - began > LIMIT.toNanos()) {
        LOG.warn("lease table '{}' answers slowly; the library makes the other leases", name);
        return true;
      }
      made += leases.createLeaseIfNotExists(lease(shard)) ? 1 : 0;
    }
    LOG.info("made leases for {} of {} shards", made, shards.size());
    return true;
  }

  private Lease lease(Shard shard) {
    Lease lease = new Lease();
    lease.leaseKey(shard.shardId());
    lease.parentShardIds(
        Stream.of(
                Optional.ofNullable(shard.parentShardId()),
                Optional.ofNullable(shard.adjacentParentShardId()))
            .flatMap(Optional::stream)
            .toList());
    lease.ownerSwitchesSinceCheckpoint(0L);
    lease.hashKeyRange(HashKeyRangeForLease.fromHashKeyRange(shard.hashKeyRange()));
    lease.checkpoint(
        isLatest() ? ExtendedSequenceNumber.LATEST : ExtendedSequenceNumber.TRIM_HORIZON);
    return lease;
  }

  private boolean isLatest() {
    return stream.initialPositionInStreamExtended().getInitialPositionInStream()
        == InitialPositionInStream.LATEST;
  }

  /** Those that hold records at the position where the fleet begins. */
  private List<Shard> shards() {
    ShardFilterType filter =
        isLatest() ? ShardFilterType.AT_LATEST : ShardFilterType.AT_TRIM_HORIZON;
    StreamIdentifier identifier = stream.streamIdentifier();
    ListShardsRequest.Builder request =
        ListShardsRequest.builder()
            .streamName(identifier.streamName())
            .shardFilter(shard -> shard.type(filter));
    identifier.streamArnOptional().ifPresent(arn -> request.streamARN(arn.toString()));
    List<Shard> shards = new ArrayList<>();
    ListShardsResponse page = kinesis.listShards(request.build()).join();
    shards.addAll(page.shards());
    while (page.nextToken() != null) {
      String token = page.nextToken();
      page = kinesis.listShards(r -> r.nextToken(token)).join();
      shards.addAll(page.shards());
    }
    return shards;
  }

  /** Whether each partition key has a shard: the library's condition, too. */
  static boolean isComplete(List<Shard> shards) {
    BigInteger reached = BigInteger.ZERO;
    for (Shard shard :
        shards.stream().sorted(Comparator.comparing(LeaseTable::firstHashKey)).toList()) {
      if (firstHashKey(shard).compareTo(reached) > 0) {
        return false;
      }
      BigInteger end = new BigInteger(shard.hashKeyRange().endingHashKey()).add(BigInteger.ONE);
      reached = reached.max(end);
    }
    return reached.equals(END_OF_HASH_KEYS);
  }

  private static BigInteger firstHashKey(Shard shard) {
    return new BigInteger(shard.hashKeyRange().startingHashKey());
  }
}
