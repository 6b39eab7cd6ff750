package io.dynapipe.service;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.databasemigration.DatabaseMigrationClient;
import software.amazon.awssdk.services.databasemigration.model.DatabaseMigrationRequest;

/** Calls any operation of DMS that the SDK's client has, with values by the names of members. */
final class AnyRequest {

  private final DatabaseMigrationClient client;
  private final Map<String, Object> known = new LinkedHashMap<>();

  AnyRequest(DatabaseMigrationClient client) {
    this.client = client;
  }

  /** Members of this name get this value in all operations that have them. */
  AnyRequest know(String member, Object value) {
    known.put(member, value);
    return this;
  }

  private static Stream<Method> methods() {
    return Stream.of(DatabaseMigrationClient.class.getMethods())
        .filter(
            method ->
                method.getParameterCount() == 1
                    && DatabaseMigrationRequest.class.isAssignableFrom(
                        method.getParameterTypes()[0])
                    && SdkResponse.class.isAssignableFrom(method.getReturnType()));
  }

  private static String operation(Method method) {
    return method.getParameterTypes()[0].getSimpleName().replaceAll("Request$", "");
  }

  /** All operations that the SDK knows, in the order of their names. */
  static List<String> operations() {
    return methods().map(AnyRequest::operation).sorted().toList();
  }

  /**
   * Calls an operation.
   *
   * @return the answer
   * @throws AwsServiceException as the service refuses
   */
  SdkResponse call(String operation) {
    Method method = methods().filter(m -> operation(m).equals(operation)).findAny().orElseThrow();
    try {
      Method makes = method.getParameterTypes()[0].getMethod("builder");
      Object builder = makes.invoke(null);
      for (SdkField<?> field : ((SdkPojo) builder).sdkFields()) {
        if (known.containsKey(field.locationName())) {
          field.set(builder, known.get(field.locationName()));
        }
      }
      Object request = makes.getReturnType().getMethod("build").invoke(builder);
      return (SdkResponse) method.invoke(client, request);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof AwsServiceException refusal) {
        throw refusal;
      }
      throw new AssertionError(operation, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(operation, e);
    }
  }
}
