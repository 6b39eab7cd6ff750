package io.dynapipe.mapping.rule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A part of a document that an attribute mapping makes. */
public sealed interface DocumentNode {

  /** A text or a column's value. */
  record Leaf(Template template) implements DocumentNode {}

  /** Anything without columns in it, as JSON text. */
  record Constant(String json) implements DocumentNode {}

  /** An object; members in their order. */
  record Members(List<Map.Entry<String, DocumentNode>> members) implements DocumentNode {

    public Members {
      members = List.copyOf(members);
    }
  }

  /** An array. */
  record Elements(List<DocumentNode> elements) implements DocumentNode {

    public Elements {
      elements = List.copyOf(elements);
    }
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException for a wrong template
   */
  static DocumentNode of(JsonNode node) {
    if (node.isTextual()) {
      return new Leaf(Template.parse(node.asText()));
    }
    if (node.isArray()) {
      List<DocumentNode> elements = new ArrayList<>();
      node.forEach(element -> elements.add(of(element)));
      return new Elements(elements);
    }
    if (node.isObject()) {
      List<Map.Entry<String, DocumentNode>> members = new ArrayList<>();
      node.properties()
          .forEach(member -> members.add(Map.entry(member.getKey(), of(member.getValue()))));
      return new Members(members);
    }
    return new Constant(node.toString());
  }

  /** The columns it takes values of. */
  default List<String> columns() {
    if (this instanceof Leaf leaf) {
      return leaf.template().columns();
    }
    if (this instanceof Members members) {
      return members.members().stream()
          .flatMap(member -> member.getValue().columns().stream())
          .toList();
    }
    if (this instanceof Elements elements) {
      return elements.elements().stream().flatMap(element -> element.columns().stream()).toList();
    }
    return List.of();
  }
}
