package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.stream.embedded.EmbeddedStore.Access;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskStateTest {

  @TempDir Path directory;

  @Test
  void keysOfATaskAreKeptOverARestart() {
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER)) {
      TaskState task = store.taskState("t");
      task.put("lsn", "0/1");
      task.put("lsn", "0/2");
      task.put("table/public.foo", "loaded");
      store.taskState("other").put("lsn", "9/9");
    }
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER)) {
      TaskState task = store.taskState("t");
      assertThat(task.get("lsn")).isEqualTo("0/2");
      assertThat(task.get("none")).isNull();
      assertThat(task.all("table/")).isEqualTo(Map.of("table/public.foo", "loaded"));
      assertThat(store.taskNames()).containsExactly("other", "t");
    }
  }

  @Test
  void severalKeysChangeAtOnce() {
    try (EmbeddedStore store = EmbeddedStore.open(directory, Access.OWNER)) {
      TaskState task = store.taskState("t");
      task.put("a", "1");
      Map<String, String> changes = new HashMap<>();
      changes.put("a", null);
      changes.put("b", "2");
      changes.put("c%_", "3");

      task.change(changes);

      assertThat(task.all("")).isEqualTo(Map.of("b", "2", "c%_", "3"));
      task.delete("b");
      assertThat(task.all("")).containsOnlyKeys("c%_");
      task.clear();
      assertThat(store.taskNames()).isEmpty();
    }
  }
}
