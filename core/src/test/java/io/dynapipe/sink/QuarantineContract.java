package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be applied is kept until someone decides. */
interface QuarantineContract extends ContractFixture {

  @Test
  default void keepsEntriesInStreamOrder() {
    QuarantineEntry first = entry("shard-1:9", "9", "id=1", "{\"data\":{}}");
    QuarantineEntry second = entry("shard-1:10", "10", "id=1", "{\"data\":{\"ä\":\"😀\\\\\"}}");
    QuarantineEntry third =
        entry(
            "shard-1:100000000000000000000000000000000000000000000000000000001",
            "100000000000000000000000000000000000000000000000000000001",
            "",
            "");
    sink().quarantine().add(List.of(second, first));
    sink().quarantine().add(List.of(third));

    assertThat(sink().quarantine().list()).containsExactly(first, second, third);
    reopen();
    assertThat(sink().quarantine().list()).containsExactly(first, second, third);
  }

  @Test
  default void addingAnEntryAgainChangesNothing() {
    QuarantineEntry entry = entry("s:1", "1", "id=1", "{}");
    QuarantineEntry changed =
        new QuarantineEntry("s:1", entry.hold(), "delete", "other", "other", "s", "1", 2);
    sink().quarantine().add(List.of(entry));
    sink().quarantine().add(List.of(changed, entry("s:2", "2", "id=2", "{}"), changed));

    assertThat(sink().quarantine().list()).containsExactly(entry, entry("s:2", "2", "id=2", "{}"));
  }

  @Test
  default void replacesEntriesOfTheSameIds() {
    QuarantineEntry stays = entry("s:2", "2", "id=2", "{}");
    QuarantineEntry added = entry("s:3", "3", "id=\u0000\\", "{}");
    QuarantineEntry changed =
        new QuarantineEntry(
            "s:1", new QuarantineHold("public.people", ""), "load", "{1}", "new", "s", "1", 3);
    sink().quarantine().add(List.of(entry("s:1", "1", "id=\u0000", "{}"), stays));
    sink().quarantine().replace(List.of(changed, added));
    sink().quarantine().replace(List.of());

    assertThat(sink().quarantine().list()).containsExactlyInAnyOrder(changed, stays, added);
  }

  @Test
  default void tellsHoldsOnceEach() {
    sink()
        .quarantine()
        .add(
            List.of(
                entry("s:1", "1", "id=1", "{}"),
                entry("s:2", "2", "id=1", "{}"),
                entry("s:3", "3", "a=x, b=\"y\"", "{}"),
                new QuarantineEntry(
                    "s:4", new QuarantineHold("", ""), "unreadable", "?", "no JSON", "s", "4", 1)));

    assertThat(sink().quarantine().holds())
        .containsExactlyInAnyOrder(
            new QuarantineHold("public.people", "id=1"),
            new QuarantineHold("public.people", "a=x, b=\"y\""),
            new QuarantineHold("", ""));
  }

  @Test
  default void removesEntriesById() {
    sink()
        .quarantine()
        .add(List.of(entry("s:1", "1", "id=1", "{}"), entry("s:2", "2", "id=2", "{}")));
    sink().quarantine().remove(List.of("s:1", "s:3"));
    sink().quarantine().remove(List.of());

    assertThat(sink().quarantine().holds())
        .containsExactly(new QuarantineHold("public.people", "id=2"));
    assertThat(sink().quarantine().list()).containsExactly(entry("s:2", "2", "id=2", "{}"));
  }

  @Test
  default void keepsTextsOfAnyKind() {
    QuarantineEntry nul = entry("s:1", "1", "id=a\u0000\\b", "{\u0000\\0\\\\\n\"'}");
    QuarantineEntry large = entry("s:2", "2", "id=2", ExtremeValue.noise(1_500_000));
    QuarantineEntry longKey = entry("s:3", "3", ExtremeValue.noise(100_000), "{}");
    sink().quarantine().add(List.of(nul, large, longKey));

    assertThat(sink().quarantine().list()).containsExactly(nul, large, longKey);
    assertThat(sink().quarantine().holds()).contains(nul.hold(), longKey.hold());
  }

  @Test
  default void isEmptyBeforeAnythingFailed() {
    assertThat(sink().quarantine().list()).isEmpty();
    assertThat(sink().quarantine().holds()).isEmpty();
    sink().quarantine().add(List.of());
    assertThat(sink().quarantine().list()).isEmpty();
  }

  private static QuarantineEntry entry(String id, String sequence, String key, String event) {
    return new QuarantineEntry(
        id,
        new QuarantineHold("public.people", key),
        "update",
        event,
        "the target said no",
        "shard-1",
        sequence,
        1_700_000_000_123L);
  }
}
