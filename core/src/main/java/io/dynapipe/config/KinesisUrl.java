package io.dynapipe.config;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Amazon Kinesis Data Streams; credentials come the AWS way, never from the URL.
 *
 * @param arn null when only region and name are known
 * @param endpoint another address than AWS's own, an emulator for example
 * @param options settings of the Kinesis client, writer and reader, which these check themselves
 */
public record KinesisUrl(
    String region,
    String streamName,
    @Nullable String arn,
    @Nullable URI endpoint,
    Map<String, String> options)
    implements StreamUrl {

  public KinesisUrl {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  @Override
  public String toString() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (endpoint != null) {
      parameters.put("endpoint", endpoint.toString());
    }
    parameters.putAll(options);
    String address = arn == null ? "kinesis://" + region + "/" + streamName : "kinesis:///" + arn;
    return address + Parameters.redacted(parameters);
  }
}
