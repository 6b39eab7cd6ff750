package io.dynapipe.service.dms;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import io.dynapipe.service.ServiceSettings;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.kinesis.KinesisApi;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.service.logs.LogsApi;
import io.dynapipe.service.state.Registry;
import io.dynapipe.stream.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/dms-api.md} says what the code does: {@code -Ddynapipe.docs=write} writes it. */
final class OperationsDocTest {

  private static final Path PAGE = Path.of("..", "docs", "dms-api.md");

  private static final String HEAD =
      """
      # Operations of the service

      What `dynapipe serve` answers, by operation. This page is made from the code: a test compares the two. How to
      use the service is in [service.md](service.md).
      """;

  @Test
  void pageListsTheOperations(@TempDir Path state) throws IOException {
    String page;
    try (EmbeddedStore store = EmbeddedStore.open(state, EmbeddedStore.Access.OWNER);
        LogStore logs = new LogStore(state.resolve("logs"), Clock.systemUTC());
        TaskEngine engine =
            new TaskEngine(
                store,
                logs,
                Clock.systemUTC(),
                () -> {
                  throw PipelineException.retryable("no sink", null);
                });
        DmsApi dms =
            new DmsApi(
                new Registry(store.taskState("service")),
                ServiceSettings.LOCAL_ACCOUNT,
                state,
                engine,
                logs);
        LogsApi logsApi = new LogsApi(logs, ServiceSettings.LOCAL_ACCOUNT);
        KinesisApi kinesis =
            new KinesisApi(engine.streams(), ServiceSettings.LOCAL_ACCOUNT, Clock.systemUTC())) {
      List<Operation> operations = dms.api().operations();
      assertThat(operations).as("operations of the model of 2026").hasSize(119);
      page =
          HEAD
              + table("AWS DMS (`AmazonDMSv20160101`)", operations, true)
              + table("CloudWatch Logs (`Logs_20140328`)", logsApi.api().operations(), true)
              + table("Kinesis (`Kinesis_20131202`)", kinesis.api().operations(), true)
              + table("AWS DMS, not offered (`InvalidOperationFault`)", operations, false)
              + table(
                  "Kinesis, not offered (`AccessDeniedException`)",
                  kinesis.api().operations(),
                  false);
    }
    if ("write".equals(System.getProperty("dynapipe.docs"))) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).content().isEqualTo(page);
  }

  private static String table(String title, List<Operation> operations, boolean offered) {
    return "\n## "
        + title
        + "\n\n| operation | "
        + (offered ? "what it does here" : "why")
        + " |\n|---|---|\n"
        + operations.stream()
            .filter(operation -> operation.offered() == offered)
            .map(o -> "| `" + o.name() + "` | " + o.does().replace("|", "\\|") + " |\n")
            .collect(Collectors.joining());
  }
}
