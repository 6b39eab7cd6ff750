package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.KinesisUrl;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Moto is fast enough for many records, where kinesis-local is nearer to the service. */
class KinesisOnMotoIT {

  private final String name = "stream-" + UUID.randomUUID();

  @Test
  void tenThousandChangesOfAHundredKeysStayInOrderThroughFailures() throws Exception {
    Changes changes = new Changes(100, 1);
    FaultyProxy.Faults harsh = new FaultyProxy.Faults(0.3, 0.03, 0.03, 0.03);
    try (FaultyProxy proxy = new FaultyProxy(Moto.endpoint(), harsh, 7)) {
      KinesisUrl url = KinesisLocal.url(proxy.endpoint(), name, "&shards=4&pace=off");
      try (KinesisStream stream = Changes.openInJson(url)) {
        changes.write(stream, 10_000);
      }
      assertThat(proxy.failedEntries.sum()).isGreaterThan(3_000);
      assertThat(proxy.failedRequests.sum()).isGreaterThan(5);
    }
    try (KinesisStream stream = Changes.openInJson(KinesisLocal.url(Moto.endpoint(), name, ""));
        KinesisReader reader = stream.reader(shard -> false)) {
      changes.assertComplete(Changes.readAll(reader, 10_000));
    }
  }
}
