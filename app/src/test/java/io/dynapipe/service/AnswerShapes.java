package io.dynapipe.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/**
 * Compares what an SDK client receives with the shapes of the client: the SDK itself drops members
 * that it does not know, and leaves out what is of another type.
 */
final class AnswerShapes implements ExecutionInterceptor {

  private static final ExecutionAttribute<byte[]> BODY = new ExecutionAttribute<>("body");
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final Map<MarshallingType<?>, Function<JsonNode, Boolean>> KINDS =
      Map.of(
          MarshallingType.STRING, JsonNode::isTextual,
          MarshallingType.INTEGER, JsonNode::isInt,
          MarshallingType.LONG, JsonNode::isIntegralNumber,
          MarshallingType.DOUBLE, JsonNode::isNumber,
          MarshallingType.BOOLEAN, JsonNode::isBoolean,
          MarshallingType.INSTANT, JsonNode::isNumber,
          MarshallingType.SDK_BYTES, JsonNode::isTextual);

  private final Set<String> operations = new TreeSet<>();
  private final Set<String> problems = new TreeSet<>();

  /** Operations that were answered without a fault. */
  Set<String> operations() {
    return operations;
  }

  /** What does not fit, by the path of the member. */
  Set<String> problems() {
    return problems;
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    try (InputStream body = context.responseBody().orElse(InputStream.nullInputStream())) {
      byte[] bytes = body.readAllBytes();
      attributes.putAttribute(BODY, bytes);
      return Optional.of(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void afterUnmarshalling(
      Context.AfterUnmarshalling context, ExecutionAttributes attributes) {
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    operations.add(operation);
    try {
      JsonNode answer = MAPPER.readTree(attributes.getAttribute(BODY));
      checkMembers(((SdkPojo) context.response()).sdkFields(), answer, operation);
    } catch (IOException e) {
      problems.add(operation + ": no JSON: " + e);
    }
  }

  private void checkMembers(List<SdkField<?>> fields, JsonNode value, String path) {
    if (!value.isObject()) {
      problems.add(path + ": no structure");
      return;
    }
    Map<String, SdkField<?>> byName =
        fields.stream().collect(Collectors.toMap(SdkField::locationName, Function.identity()));
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      String name = path + "." + member.getKey();
      SdkField<?> field = byName.get(member.getKey());
      if (field == null) {
        problems.add(name + ": not in the model");
      } else {
        check(field, member.getValue(), name);
      }
    }
  }

  private void check(SdkField<?> field, JsonNode value, String path) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_POJO) {
      checkMembers(field.constructor().get().sdkFields(), value, path);
    } else if (type == MarshallingType.LIST) {
      SdkField<?> item = field.getTrait(ListTrait.class).memberFieldInfo();
      value.forEach(each -> check(item, each, path + "[]"));
      if (!value.isArray()) {
        problems.add(path + ": no list");
      }
    } else if (!KINDS.getOrDefault(type, any -> false).apply(value)) {
      problems.add(path + ": " + value + " is no " + type);
    }
  }
}
