package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables are read by name: what has another name by the end may have brought others' rows. */
class RenamedWhileLoadingIT {

  private static final TableName FOO = new TableName("public", "foo");
  private static final TableName FOO_NEW = new TableName("public", "foo_new");

  private final TransientProgress progress =
      new TransientProgress("renamed_while_loading", CaptureProgress.Phase.NEW);
  private SourceDatabase source;
  private Swapping writer;

  @BeforeEach
  void create() throws Exception {
    source = SourceDatabase.create();
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, v text)",
        "CREATE TABLE foo_new (id int PRIMARY KEY, v text)",
        "CREATE TABLE other (id int PRIMARY KEY)",
        "INSERT INTO foo VALUES (1, 'old')",
        "INSERT INTO foo_new VALUES (1, 'new')",
        "INSERT INTO other VALUES (1)");
    writer = new Swapping();
  }

  @AfterEach
  void drop() throws Exception {
    source.server().slots().drop(progress.slot());
    source.close();
  }

  @Test
  void areLoadedAgainBeforeTheirChanges() throws Exception {
    load(MigrationType.FULL_LOAD_AND_CDC);
    assertThat(writer.rows).as("what was read as foo").anyMatch(row -> row.contains("\"new\""));
    assertThat(progress.loadsOwed()).containsExactlyInAnyOrder(FOO, FOO_NEW);
    assertThat(progress.suspended()).isEmpty();
  }

  @Test
  void areSuspendedWhereNoChangesFollow() throws Exception {
    load(MigrationType.FULL_LOAD);
    assertThat(progress.suspended()).containsOnlyKeys(FOO, FOO_NEW);
    assertThat(progress.suspended().get(FOO)).contains("renamed while it was loaded", "Reload");
  }

  private void load(MigrationType type) throws Exception {
    TaskDefinition definition =
        TaskDefinition.of("TEST", type, TableMappings.ofPatterns(List.of()))
            .withSettings(
                TaskSettings.parse(
                    "{\"FullLoadSettings\": {\"StopTaskCachedChangesNotApplied\": true}}"));
    new CaptureTask(definition, source.server(), writer, progress, new TaskStatistics())
        .run(() -> false);
  }

  /** Gives both names to the other table when the first definition is told, before any row. */
  private final class Swapping implements RecordWriter {

    private final List<String> rows = new ArrayList<>();
    private boolean swapped;

    @Override
    public synchronized CompletableFuture<Void> write(List<StreamRecord> records) {
      if (!swapped && !records.isEmpty()) {
        swapped = true;
        try {
          source.run(
              "BEGIN; ALTER TABLE foo RENAME TO t; ALTER TABLE foo_new RENAME TO foo;"
                  + " ALTER TABLE t RENAME TO foo_new; COMMIT");
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
      for (StreamRecord stored : records) {
        String text = new String(stored.data(), StandardCharsets.UTF_8);
        if (text.contains("\"load\"") && text.contains("\"foo\"")) {
          rows.add(text);
        }
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }
}
