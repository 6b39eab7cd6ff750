package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A CloudFormation template: ours, or ours with changes. Immutable.
 *
 * <p>As long as nothing was changed, its text is the commented file, which people can read in the
 * AWS console, too.
 */
public final class Template {

  private static final String RESOURCES = "Resources";

  private final String text;
  private final ObjectNode tree;

  private Template(String text, ObjectNode tree) {
    this.text = text;
    this.tree = tree;
  }

  /** The template that comes with Dynapipe. */
  public static Template bundled() {
    try (InputStream in = Template.class.getResourceAsStream("template.yaml")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return new Template(text, TemplateYaml.read("the template", text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A template of this kind that comes from elsewhere, such as from a stack. */
  static Template parse(String text) {
    return new Template(text, TemplateYaml.read("the template", text));
  }

  /** YAML, or JSON of the same content. */
  public String text() {
    return text;
  }

  /** A copy of its content, functions in their long form. */
  public JsonNode tree() {
    return tree.deepCopy();
  }

  /** Names of its parameters, in their order. */
  public List<String> parameters() {
    return names(tree.path("Parameters"));
  }

  /** Whether a parameter is a list, such as {@code SubnetIds}. */
  boolean isList(String parameter) {
    return tree.path("Parameters").path(parameter).path("Type").asText().contains("List");
  }

  /** A parameter's default; empty when it has none. */
  String defaultOf(String parameter) {
    return tree.path("Parameters").path(parameter).path("Default").asText();
  }

  /**
   * This template with another one laid over it: objects are merged member by member, everything
   * else is replaced, and {@code null} removes a member.
   *
   * @param subject what the other one is, for messages
   * @throws PipelineException (input) when the other one is no template
   */
  public Template with(String subject, String overlay) {
    ObjectNode merged = tree.deepCopy();
    merge(merged, TemplateYaml.read(subject, overlay));
    return of(merged);
  }

  /** This template with a resource's property set to a text. */
  Template withProperty(String resource, String property, String value) {
    ObjectNode changed = tree.deepCopy();
    ((ObjectNode) changed.path(RESOURCES).path(resource).path("Properties")).put(property, value);
    return of(changed);
  }

  /**
   * This template with what becomes of resources when the stack is deleted.
   *
   * @param policy {@code Delete}, {@code Retain} or {@code Snapshot}
   */
  Template withDeletionPolicy(Set<String> resources, String policy) {
    ObjectNode changed = tree.deepCopy();
    for (String name : resources) {
      ObjectNode resource = (ObjectNode) changed.path(RESOURCES).path(name);
      resource.put("DeletionPolicy", policy);
      // A policy alone is no change to CloudFormation; metadata is.
      ObjectNode metadata = resource.withObjectProperty("Metadata");
      metadata.put("OnDeletion", policy);
    }
    return of(changed);
  }

  /** A resource, with all that it refers to, and what these refer to. */
  Set<String> closure(String resource) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(resource));
    while (!open.isEmpty()) {
      String name = open.remove();
      if (tree.path(RESOURCES).has(name) && reached.add(name)) {
        collectReferences(tree.path(RESOURCES).path(name), open);
      }
    }
    return reached;
  }

  private void collectReferences(JsonNode node, Deque<String> into) {
    node.forEach(child -> collectReferences(child, into));
    JsonNode name = node.path("Ref");
    if (name.isTextual()) {
      into.add(name.asText());
    }
    JsonNode attribute = node.path("Fn::GetAtt");
    if (attribute.isArray()) {
      into.add(attribute.path(0).asText());
    }
    JsonNode sub = node.path("Fn::Sub");
    String format = sub.isArray() ? sub.path(0).asText() : sub.asText();
    for (String name2 : names(tree.path(RESOURCES))) {
      if (format.contains("${" + name2 + "}") || format.contains("${" + name2 + ".")) {
        into.add(name2);
      }
    }
    JsonNode dependsOn = node.path("DependsOn");
    if (dependsOn.isTextual()) {
      into.add(dependsOn.asText());
    }
    dependsOn.forEach(dependency -> into.add(dependency.asText()));
  }

  private static void merge(ObjectNode base, ObjectNode overlay) {
    for (Map.Entry<String, JsonNode> member : overlay.properties()) {
      JsonNode old = base.get(member.getKey());
      if (member.getValue().isNull()) {
        base.remove(member.getKey());
      } else if (old instanceof ObjectNode object
          && member.getValue() instanceof ObjectNode change
          && !isFunction(change)
          && !isFunction(object)) {
        merge(object, change);
      } else {
        base.set(member.getKey(), member.getValue());
      }
    }
  }

  /**
   * {@code {"Ref": ...}} over {@code {"Fn::If": ...}} is another value, not one with two members.
   */
  private static boolean isFunction(ObjectNode node) {
    if (node.size() != 1) {
      return false;
    }
    String name = node.fieldNames().next();
    return name.equals("Ref") || name.equals("Condition") || name.startsWith("Fn::");
  }

  private static Template of(ObjectNode tree) {
    return new Template(TemplateYaml.write(tree), tree);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return Collections.unmodifiableList(names);
  }
}
