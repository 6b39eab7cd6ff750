package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import java.util.Optional;

/**
 * Passwords, in Secrets Manager only: they are never in the template, its parameters or the
 * function's configuration.
 */
final class Secrets {

  private final AwsClient aws;
  private final String stack;

  Secrets(AwsClient aws, String stack) {
    this.aws = aws;
    this.stack = stack;
  }

  /** A secret's ARN; empty when there is none. */
  Optional<String> find(String part) {
    try {
      JsonNode secret = aws.json(AwsService.SECRETS, "DescribeSecret", id(part));
      return secret.hasNonNull("DeletedDate")
          ? Optional.empty()
          : Optional.of(secret.path("ARN").asText());
    } catch (AwsException e) {
      if (e.is("ResourceNotFound")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Makes a secret, or gives it a new text when it has another one. Answers its ARN. */
  String put(String part, String text) {
    Optional<String> known = find(part);
    if (known.isEmpty()) {
      return create(part, text);
    }
    if (!text.equals(read(known.get()))) {
      aws.json(AwsService.SECRETS, "PutSecretValue", id(part).put("SecretString", text));
    }
    return known.get();
  }

  private String create(String part, String text) {
    ObjectNode input = AwsClient.object();
    input.put("Name", name(part)).put("SecretString", text);
    input.put("Description", "The " + part + " of the Dynapipe stack " + stack);
    input.withArray("Tags").addObject().put("Key", "dynapipe:stack").put("Value", stack);
    return aws.json(AwsService.SECRETS, "CreateSecret", input).path("ARN").asText();
  }

  /** A secret's text. */
  String read(String arn) {
    return aws.json(AwsService.SECRETS, "GetSecretValue", AwsClient.object().put("SecretId", arn))
        .path("SecretString")
        .asText();
  }

  /** Deletes a secret that we made; it can be brought back for a week. */
  void delete(String part) {
    if (find(part).isPresent()) {
      aws.json(AwsService.SECRETS, "DeleteSecret", id(part).put("RecoveryWindowInDays", 7));
    }
  }

  /** A deleted secret blocks its name: it comes back before it is made again. */
  void restore(String part) {
    try {
      if (aws.json(AwsService.SECRETS, "DescribeSecret", id(part)).hasNonNull("DeletedDate")) {
        aws.json(AwsService.SECRETS, "RestoreSecret", id(part));
      }
    } catch (AwsException e) {
      if (!e.is("ResourceNotFound")) {
        throw e;
      }
    }
  }

  String name(String part) {
    return stack + "/" + part;
  }

  private ObjectNode id(String part) {
    return AwsClient.object().put("SecretId", name(part));
  }
}
