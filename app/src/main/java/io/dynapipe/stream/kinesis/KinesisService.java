package io.dynapipe.stream.kinesis;

import io.dynapipe.config.KinesisUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** One stream at the service. Thread-safe. */
final class KinesisService implements Dispatcher.Service {

  private final KinesisAsyncClient client;
  private final KinesisUrl url;

  KinesisService(KinesisAsyncClient client, KinesisUrl url) {
    this.client = client;
    this.url = url;
  }

  KinesisAsyncClient client() {
    return client;
  }

  /** The stream's name, unless its ARN is known, which also names another account's stream. */
  @Nullable String name() {
    return url.arn() == null ? url.streamName() : null;
  }

  @Nullable String arn() {
    return url.arn();
  }

  @Override
  public CompletableFuture<PutRecordsResponse> put(List<PutRecordsRequestEntry> entries) {
    return client.putRecords(
        request -> request.streamName(name()).streamARN(arn()).records(entries));
  }

  @Override
  public CompletableFuture<ShardMap> shards() {
    return list().thenApply(ShardMap::of);
  }

  /** All shards that still have records or take some. */
  CompletableFuture<List<Shard>> list() {
    ListShardsRequest first =
        ListShardsRequest.builder().streamName(name()).streamARN(arn()).build();
    return page(first, new ArrayList<>());
  }

  private CompletableFuture<List<Shard>> page(ListShardsRequest request, List<Shard> found) {
    return client
        .listShards(request)
        .thenCompose(
            page -> {
              found.addAll(page.shards());
              String next = page.nextToken();
              // With a token, the stream must not be named.
              return next == null
                  ? CompletableFuture.completedFuture(found)
                  : page(ListShardsRequest.builder().nextToken(next).build(), found);
            });
  }
}
