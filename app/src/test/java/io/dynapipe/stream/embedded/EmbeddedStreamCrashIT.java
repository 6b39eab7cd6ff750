package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.embedded.EmbeddedStore.Access;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL loses nothing that was confirmed, repeats nothing, and leaves no gap. */
@Timeout(120)
class EmbeddedStreamCrashIT {

  private static final int KILLS = 10;

  @TempDir Path directory;
  private long confirmed;
  private long confirmedState;

  @Test
  void whatWasConfirmedIsThereAfterEachKill() throws Exception {
    Random random = new Random();
    for (int kill = 0; kill < KILLS; kill++) {
      writeUntilKilled(1 + random.nextInt(300));
      try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER)) {
        EmbeddedStream stream = store.stream(CrashingWriter.STREAM, CrashingWriter.SETTINGS);
        assertThat(checkedCount(CrashingWriter.readAll(stream)))
            .as("records after kill %s", kill)
            .isGreaterThanOrEqualTo(confirmed);
        String state = store.taskState("crash").get("count");
        assertThat(state == null ? 0 : Long.parseLong(state))
            .isGreaterThanOrEqualTo(confirmedState);
      }
    }
    assertThat(confirmed).isPositive();
  }

  /** Lets a process confirm some batches, then kills it wherever it is. */
  private void writeUntilKilled(int confirmations) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingWriter.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      for (int i = 0; line != null; i++) {
        if (i == confirmations) {
          // Process.destroyForcibly would close the pipe with what was printed before the kill.
          process.toHandle().destroyForcibly();
        }
        note(line);
        line = output.readLine();
      }
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("killed").isEqualTo(137);
  }

  /** The last line may be cut by the kill, and is then smaller than the number it was. */
  private void note(String line) {
    if (line.startsWith("state ") && line.length() > 6) {
      confirmedState = Math.max(confirmedState, Long.parseLong(line.substring(6)));
    } else if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
      confirmed = Math.max(confirmed, Long.parseLong(line));
    }
  }

  /** How many records there are; all counts from 1 on occur once, and in order in each shard. */
  private static long checkedCount(List<List<StoredRecord>> shards) {
    long records = 0;
    long highest = 0;
    for (List<StoredRecord> shard : shards) {
      long previous = 0;
      for (int i = 0; i < shard.size(); i++) {
        assertThat(shard.get(i).sequenceNumber().digits()).isEqualTo(Integer.toString(i + 1));
        assertThat(CrashingWriter.count(shard.get(i))).isGreaterThan(previous);
        previous = CrashingWriter.count(shard.get(i));
      }
      records += shard.size();
      highest = Math.max(highest, previous);
    }
    // As many distinct counts as the highest one says: no gap, no duplicate.
    assertThat(highest).isEqualTo(records);
    return records;
  }
}
