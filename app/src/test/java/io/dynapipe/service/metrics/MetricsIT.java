package io.dynapipe.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.EmbeddedStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health tells when work stands still. */
final class MetricsIT {

  @Test
  void isIllWhileRecordsWaitForASinkThatIsAway(@TempDir Path state) throws InterruptedException {
    try (EmbeddedStore store = EmbeddedStore.open(state, EmbeddedStore.Access.OWNER);
        LogStore logs = new LogStore(state.resolve("logs"), Clock.systemUTC());
        TaskEngine engine =
            new TaskEngine(
                store,
                logs,
                Clock.systemUTC(),
                () -> {
                  throw PipelineException.retryable("no sink", null);
                })) {
      Health health = new Health(engine, Duration.ofMillis(1_500), true);
      engine.openStream("one");
      engine.open(List.of());
      assertThat(health.check().path("healthy").booleanValue()).isTrue();
      try (RecordWriter writer =
          store.stream("one", new EmbeddedStreamUrl(null, null, null)).writer()) {
        writer.write(List.of(new StreamRecord("k", "{}".getBytes(StandardCharsets.UTF_8)))).join();
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (health.check().path("healthy").booleanValue()) {
        assertThat(System.nanoTime() - deadline).isNegative();
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(health.check().path("reasons").path(0).asText())
          .isEqualTo("1 records wait in stream one and none is applied.");
    }
  }
}
