package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What readers of a stream remember in the target. */
interface BookmarkContract extends ContractFixture {

  @Test
  default void bookmarksAreReadAsTheyWereLastSaved() {
    String owner = "reader " + System.nanoTime();
    assertThat(sink().bookmarks().read(owner)).isEmpty();
    sink().bookmarks().remove(owner, "missing");

    sink().bookmarks().save(owner, "shard-1", "5");
    sink().bookmarks().save(owner, "shard-1", "49590338271490256608559692538361571095.1");
    sink().bookmarks().save(owner, "shard-2", "'\"\u00e4");
    sink().bookmarks().save(owner + "0", "shard-1", "other");
    reopen();

    Map<String, String> saved =
        Map.of("shard-1", "49590338271490256608559692538361571095.1", "shard-2", "'\"\u00e4");
    assertThat(sink().bookmarks().read(owner)).isEqualTo(saved);
    sink().bookmarks().remove(owner, "shard-2");
    assertThat(sink().bookmarks().read(owner)).containsOnlyKeys("shard-1");
  }
}
