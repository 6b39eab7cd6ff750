package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.EmbeddedStore.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

  private static final EmbeddedStreamUrl DEFAULTS = new EmbeddedStreamUrl(null, null, null);

  @TempDir Path directory;

  @Test
  void aSecondOwnerIsRefusedUntilTheFirstHasClosed() {
    try (EmbeddedStore owner = EmbeddedStore.open(directory, Access.OWNER)) {
      assertThat(owner.streamNames()).isEmpty();
      assertRefused(Access.OWNER)
          .hasMessage(
              "state directory "
                  + directory
                  + " is in use by another Dynapipe (process "
                  + ProcessHandle.current().pid()
                  + ")");
      assertRefused(Access.OWNER).hasMessageContaining("is in use by");
      EmbeddedStore.open(directory, Access.SHARED).close();
    }
    EmbeddedStore.open(directory, Access.OWNER).close();
  }

  @Test
  void anotherKindOfFileIsRefusedAndKept() throws IOException {
    Path file = directory.resolve(StateFile.NAME);
    Files.writeString(file, "this is no database, but long enough to look like one ".repeat(20));

    assertRefused(Access.OWNER).hasMessage(file + " is not a Dynapipe state file");
    assertThat(Files.readString(file)).startsWith("this is no database");
  }

  @Test
  void anotherProgramsDatabaseIsRefused() throws SQLException {
    Path file = directory.resolve(StateFile.NAME);
    try (Sqlite other = Sqlite.open("jdbc:sqlite:" + file)) {
      other.execute("CREATE TABLE bookmarks (url TEXT)");
    }

    assertRefused(Access.OWNER).hasMessage(file + " is not a Dynapipe state file");
  }

  @Test
  void aNewerVersionIsRefused() throws SQLException {
    EmbeddedStore.open(directory, Access.OWNER).close();
    Path file = directory.resolve(StateFile.NAME);
    try (Sqlite other = Sqlite.open("jdbc:sqlite:" + file)) {
      other.execute("PRAGMA user_version=2");
    }

    assertRefused(Access.OWNER)
        .hasMessage("state file " + file + " has version 2, this program writes 1");
  }

  @Test
  void whatIsNotThereCannotBeShared() {
    assertRefused(Access.SHARED)
        .hasMessage("there is no state file " + directory.resolve(StateFile.NAME));
    EmbeddedStore.open(directory, Access.OWNER).close();
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.SHARED)) {
      assertThatThrownBy(() -> store.stream("s", DEFAULTS))
          .hasMessageStartingWith("there is no stream 's' in state file");
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaid() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThatThrownBy(() -> EmbeddedStore.open(file.resolve("state"), Access.OWNER))
        .isInstanceOf(PipelineException.class)
        .hasMessageStartingWith("state directory " + file.resolve("state") + " cannot be used");
  }

  @Test
  void aDamagedChunkIsFoundWhenItIsRead() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER)) {
      try (RecordWriter writer = store.stream("s", DEFAULTS).writer()) {
        byte[] data = new byte[100_000];
        writer.write(List.of(new StreamRecord("k", data))).join();
      }
    }
    Path file = directory.resolve(StateFile.NAME);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), channel.size() - 50_000);
    }
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER);
        RecordReader reader = store.stream("s", DEFAULTS).reader()) {
      assertThatThrownBy(() -> reader.read("shardId-000000000000", null, 1, 1, Duration.ZERO))
          .isInstanceOf(PipelineException.class)
          .hasMessage(
              "state file "
                  + file
                  + " is damaged: shardId-000000000000: the checksum of a chunk is wrong");
    }
  }

  @Test
  void aFullDiskFailsTheWriterForGoodAndLosesNothing() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER)) {
      EmbeddedStream stream = store.stream("s", DEFAULTS);
      RecordWriter writer = stream.writer();
      writer.write(List.of(new StreamRecord("k", new byte[10]))).join();
      store.committer().commit(sqlite -> sqlite.execute("PRAGMA max_page_count=20"));

      CompletableFuture<Void> tooMuch =
          writer.write(List.of(new StreamRecord("k", new byte[1_000_000])));
      CompletableFuture<Void> behind = writer.write(List.of(new StreamRecord("k", new byte[1])));

      assertThatThrownBy(tooMuch::join)
          .cause()
          .hasMessage("the disk is full under state file " + directory.resolve(StateFile.NAME));
      assertThatThrownBy(behind::join).cause().hasMessageStartingWith("the disk is full");
      assertThatThrownBy(() -> writer.write(List.of(new StreamRecord("k", new byte[1]))).join())
          .cause()
          .isInstanceOfSatisfying(
              PipelineException.class,
              e -> assertThat(e.kind()).isEqualTo(PipelineException.Kind.ENVIRONMENT));
      writer.close();
      try (RecordWriter second = stream.writer();
          RecordReader reader = stream.reader()) {
        second.write(List.of(new StreamRecord("k", new byte[7]))).join();
        assertThat(reader.read("shardId-000000000000", null, 9, 1000, Duration.ZERO))
            .extracting(record -> record.data().length)
            .containsExactly(10, 7);
      }
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Access access) {
    return assertThatThrownBy(() -> EmbeddedStore.open(directory, access).close())
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> assertThat(e.kind()).isEqualTo(PipelineException.Kind.ENVIRONMENT));
  }
}
