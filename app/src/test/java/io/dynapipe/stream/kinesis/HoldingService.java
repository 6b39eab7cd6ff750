package io.dynapipe.stream.kinesis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** A stream that does not answer until it is told to. */
final class HoldingService implements Dispatcher.Service, AutoCloseable {

  private final MemoryService behind = new MemoryService(1, FaultyProxy.Faults.NONE, 1);
  private final CompletableFuture<Void> gate = new CompletableFuture<>();

  void goOn() {
    gate.complete(null);
  }

  @Override
  public CompletableFuture<PutRecordsResponse> put(List<PutRecordsRequestEntry> entries) {
    return gate.thenCompose(open -> behind.put(entries));
  }

  @Override
  public CompletableFuture<ShardMap> shards() {
    return behind.shards();
  }

  @Override
  public void close() {
    behind.close();
  }
}
