package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations under one prefix of {@code X-Amz-Target}. Immutable. */
public final class AwsApi {

  private final String targetPrefix;
  private final Map<String, Operation> operations = new TreeMap<>();

  /**
   * An API.
   *
   * @param targetPrefix what stands before the dot, {@code AmazonDMSv20160101} for example
   */
  public AwsApi(String targetPrefix, List<Operation> operations) {
    this.targetPrefix = targetPrefix;
    for (Operation operation : operations) {
      if (this.operations.put(operation.name(), operation) != null) {
        throw new IllegalArgumentException(operation.name() + " is there twice");
      }
    }
  }

  public String targetPrefix() {
    return targetPrefix;
  }

  /** All operations by name. */
  public List<Operation> operations() {
    return List.copyOf(operations.values());
  }

  /**
   * Calls an operation that answers one document, from within.
   *
   * @throws Fault as the operation gives it
   */
  public ObjectNode call(String name, ObjectNode request) {
    Operation operation = operation(name);
    if (operation.handler().apply(operation.input().read(request))
        instanceof Answer.Document document) {
      return document.body();
    }
    throw new IllegalArgumentException(name + " answers no document");
  }

  /**
   * The operation of this name.
   *
   * @throws Fault when there is none
   */
  Operation operation(String name) {
    Operation operation = operations.get(name);
    if (operation == null) {
      throw Fault.of("UnknownOperationException", "There is no operation " + name + ".");
    }
    return operation;
  }
}
