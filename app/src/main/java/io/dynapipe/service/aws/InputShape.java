package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The members that an operation takes. Members that it does not know are passed over, as AWS does.
 * Immutable.
 */
public final class InputShape {

  private enum Type {
    TEXT,
    INTEGER,
    BOOLEAN,
    TIME,
    OBJECT,
    TEXTS,
    OBJECTS,
    BLOB
  }

  private record Member(String name, boolean required, Type type, Set<String> choices) {}

  private final List<Member> members;

  private InputShape(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /**
   * Reads descriptions of members: a name, {@code !} when it is required, and after a colon its
   * type ({@code integer}, {@code boolean}, {@code time}, {@code object}, {@code texts}, {@code
   * objects}, {@code blob}) or the texts it may be, with bars between.
   *
   * <pre>EndpointArn!  Port:integer  SslMode:none|require</pre>
   *
   * @param descriptions any number of them in each text, with blanks between
   */
  public static InputShape of(String... descriptions) {
    List<Member> members = new ArrayList<>();
    for (String description : String.join(" ", descriptions).split(" +")) {
      if (!description.isEmpty()) {
        members.add(member(description));
      }
    }
    return new InputShape(members);
  }

  private static Member member(String description) {
    int colon = description.indexOf(':');
    String head = colon < 0 ? description : description.substring(0, colon);
    String kind = colon < 0 ? "text" : description.substring(colon + 1);
    boolean required = head.endsWith("!");
    String name = required ? head.substring(0, head.length() - 1) : head;
    if (kind.contains("|")) {
      return new Member(name, required, Type.TEXT, new TreeSet<>(List.of(kind.split("\\|"))));
    }
    return new Member(name, required, Type.valueOf(kind.toUpperCase(Locale.ROOT)), Set.of());
  }

  /**
   * Checks a request.
   *
   * @throws Fault that names the first member that is missing or wrong
   */
  public Input read(ObjectNode request) {
    for (Member member : members) {
      JsonNode value = request.get(member.name());
      if (value == null || value.isNull()) {
        if (member.required()) {
          throw Fault.invalidValue(
              "The parameter " + member.name() + " must be provided and must not be blank.");
        }
      } else {
        check(member, value);
      }
    }
    return new Input(request);
  }

  private static void check(Member member, JsonNode value) {
    if (!fits(member.type(), value)) {
      throw Fault.malformed(
          "The parameter "
              + member.name()
              + " must be "
              + expected(member.type())
              + ", not "
              + value.getNodeType().name().toLowerCase(Locale.ROOT)
              + ".");
    }
    if (member.type() == Type.TEXT) {
      checkText(member, value.textValue());
    }
  }

  private static void checkText(Member member, String text) {
    if (member.required() && text.isBlank()) {
      throw Fault.invalidValue(
          "The parameter " + member.name() + " must be provided and must not be blank.");
    }
    if (!member.choices().isEmpty() && !member.choices().contains(text)) {
      throw Fault.invalidValue(
          "Invalid value for parameter "
              + member.name()
              + ". Valid values: "
              + String.join(", ", member.choices())
              + ".");
    }
  }

  private static boolean fits(Type type, JsonNode value) {
    return switch (type) {
      case TEXT -> value.isTextual();
      case INTEGER -> value.isIntegralNumber() && value.canConvertToLong();
      case BOOLEAN -> value.isBoolean();
      // Clients send seconds as numbers; some send ISO 8601 text.
      case TIME -> value.isNumber() || value.isTextual();
      case OBJECT -> value.isObject();
      case TEXTS -> value.isArray() && all(value, JsonNode::isTextual);
      case OBJECTS -> value.isArray() && all(value, JsonNode::isObject);
      case BLOB -> value.isTextual() || value.isBinary();
    };
  }

  private static boolean all(JsonNode array, java.util.function.Predicate<JsonNode> test) {
    for (JsonNode element : array) {
      if (!test.test(element)) {
        return false;
      }
    }
    return true;
  }

  private static String expected(Type type) {
    return switch (type) {
      case TEXT -> "a string";
      case INTEGER -> "a whole number";
      case BOOLEAN -> "true or false";
      case TIME -> "a time";
      case OBJECT -> "a structure";
      case TEXTS -> "a list of strings";
      case OBJECTS -> "a list of structures";
      case BLOB -> "binary data";
    };
  }
}
