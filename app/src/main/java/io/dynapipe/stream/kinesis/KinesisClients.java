package io.dynapipe.stream.kinesis;

import io.dynapipe.config.KinesisUrl;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Makes clients the AWS way: credentials from the default chain (environment, profile with roles
 * and single sign-on, web identity, container, machine), the proxy from {@code HTTPS_PROXY} or
 * {@code https.proxyHost}, region and endpoint from the stream's URL.
 */
public final class KinesisClients {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /**
   * Long: the service may still store what we no longer wait for, behind our next attempt and what
   * follows it.
   */
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  private KinesisClients() {}

  /** A client that tries everything once; who calls knows what may be repeated. */
  static KinesisAsyncClient once(KinesisUrl url, int connections) {
    var builder = KinesisAsyncClient.builder();
    configure(builder, url.region(), url.endpoint(), connections, Protocol.HTTP1_1);
    return builder
        .overrideConfiguration(
            settings ->
                settings
                    .apiCallAttemptTimeout(ATTEMPT)
                    .retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Gives a client's builder what all our clients have in common. */
  public static <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> void configure(
      B builder, String region, @Nullable URI endpoint, int connections, Protocol protocol) {
    builder
        .region(Region.of(region))
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder()
                .connectionTimeout(CONNECT)
                .maxConcurrency(connections)
                // The client's own choice is HTTP/2, which only subscriptions need, and which
                // proxies in plain HTTP do not speak.
                .protocol(protocol)
                .proxyConfiguration(
                    ProxyConfiguration.builder()
                        .useSystemPropertyValues(true)
                        .useEnvironmentVariableValues(true)
                        .build()));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
  }
}
