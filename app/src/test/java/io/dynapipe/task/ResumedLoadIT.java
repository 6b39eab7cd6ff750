package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.task.CaptureProgress.Phase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A load that was stopped goes on with what is left. */
class ResumedLoadIT {

  /** Keeps what it is given. */
  private static final class Kept implements RecordWriter {
    private final List<String> lines = new ArrayList<>();

    @Override
    public synchronized CompletableFuture<Void> write(List<StreamRecord> records) {
      records.forEach(record -> lines.add(new String(record.data(), StandardCharsets.UTF_8)));
      return CompletableFuture.completedFuture(null);
    }

    synchronized List<String> of(String table, String operation) {
      return lines.stream()
          .filter(line -> line.contains("\"table-name\":\"" + table + "\""))
          .filter(line -> line.contains("\"operation\":\"" + operation + "\""))
          .toList();
    }

    @Override
    public void close() {}
  }

  @Test
  void finishedTableWithoutKeyKeepsEachOfItsRowsOnce() throws Exception {
    try (SourceDatabase source = SourceDatabase.create()) {
      source.run(
          "CREATE TABLE notes (id int, v text)",
          "ALTER TABLE notes ALTER v SET STORAGE EXTERNAL",
          "INSERT INTO notes SELECT i, repeat('x', 3000) FROM generate_series(1, 50) i",
          "CREATE TABLE rest (id int PRIMARY KEY, v text)",
          "INSERT INTO rest SELECT i, 'v' FROM generate_series(1, 5000) i");
      Kept kept = new Kept();
      TransientProgress progress = new TransientProgress(source.name(), Phase.NEW);
      CaptureTask first = capture(source, kept, progress);
      assertThat(first.run(() -> !progress.loaded().isEmpty())).isEqualTo(CaptureEnd.NORMAL);
      assertThat(progress.phase()).isEqualTo(Phase.FULL_LOAD);

      source.run("INSERT INTO notes VALUES (51, repeat('y', 3000))");
      CaptureTask second = capture(source, kept, progress);
      var now = Sources.currentPosition(source.server());
      second.run(() -> second.durable().compareTo(now) >= 0);

      assertThat(kept.of("notes", "load")).hasSize(50);
      assertThat(kept.of("notes", "insert")).hasSize(1);
      assertThat(kept.of("notes", "truncate-table")).isEmpty();
      assertThat(kept.of("rest", "load")).hasSize(5000);
      second.cleanUp();
    }
  }

  private static CaptureTask capture(
      SourceDatabase source, RecordWriter writer, CaptureProgress progress) {
    TaskDefinition definition =
        TaskDefinition.of(
                "TEST", MigrationType.FULL_LOAD_AND_CDC, TableMappings.ofPatterns(List.of()))
            .withSettings(
                TaskSettings.parse(
                    "{\"FullLoadSettings\": {\"MaxFullLoadSubTasks\": 1, \"CommitRate\": 100}}"));
    return new CaptureTask(definition, source.server(), writer, progress, new TaskStatistics());
  }
}
