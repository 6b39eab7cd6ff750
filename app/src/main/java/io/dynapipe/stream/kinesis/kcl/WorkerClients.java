package io.dynapipe.stream.kinesis.kcl;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.stream.kinesis.KinesisClients;
import io.dynapipe.stream.kinesis.WorkerOptions;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The clients that the library wants. Thread-safe. */
record WorkerClients(
    KinesisAsyncClient kinesis, DynamoDbAsyncClient dynamoDb, CloudWatchAsyncClient cloudWatch)
    implements AutoCloseable {

  private static final int MANY = 1_000;
  private static final int SOME = 50;

  /** Subscriptions are streams of HTTP/2. */
  static WorkerClients open(KinesisUrl url, WorkerOptions options) {
    Protocol protocol = options.fanOut() ? Protocol.HTTP2 : Protocol.HTTP1_1;
    var kinesis = KinesisAsyncClient.builder();
    KinesisClients.configure(kinesis, url.region(), url.endpoint(), MANY, protocol);
    var dynamoDb = DynamoDbAsyncClient.builder();
    KinesisClients.configure(
        dynamoDb, url.region(), options.dynamoDbEndpoint(), SOME, Protocol.HTTP1_1);
    var cloudWatch = CloudWatchAsyncClient.builder();
    KinesisClients.configure(cloudWatch, url.region(), null, SOME, Protocol.HTTP1_1);
    return new WorkerClients(kinesis.build(), dynamoDb.build(), cloudWatch.build());
  }

  @Override
  public void close() {
    kinesis.close();
    dynamoDb.close();
    cloudWatch.close();
  }
}
