package io.dynapipe.service.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A resource as the registry keeps it; each one given out is a copy of its own.
 *
 * @param key unique among its kind: the ARN of most
 * @param sequence grows with each resource that is made, so that lists keep their order
 * @param shown what the API shows
 * @param kept what only the service needs
 */
public record Resource(Kind kind, String key, long sequence, ObjectNode shown, ObjectNode kept) {

  Resource copy() {
    return new Resource(kind, key, sequence, shown.deepCopy(), kept.deepCopy());
  }

  /** A text of what is shown; empty when there is none. */
  public String text(String member) {
    return textOf(shown, member);
  }

  /** A text of what is kept; empty when there is none. */
  public String keptText(String member) {
    return textOf(kept, member);
  }

  private static String textOf(ObjectNode node, String member) {
    @Nullable JsonNode value = node.get(member);
    return value == null || value.isNull() ? "" : value.asText();
  }
}
