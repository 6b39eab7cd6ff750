package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.config.Secret;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import io.dynapipe.image.ImageBuilder;
import io.dynapipe.image.ImageRequest;
import io.dynapipe.image.ImageTarget;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The function's image in ECR: a private repository of the stack's name. */
final class ImageRepository {

  private final AwsClient aws;
  private final String stack;

  ImageRepository(AwsClient aws, String stack) {
    this.aws = aws;
    this.stack = stack;
  }

  /** Makes the repository when it is missing, builds the image and pushes it; answers its URI. */
  String push(ImageBuilder builder, ImageRequest request) {
    String uri = repository();
    String token =
        aws.json(AwsService.ECR, "GetAuthorizationToken", AwsClient.object())
            .path("authorizationData")
            .path(0)
            .path("authorizationToken")
            .asText();
    String[] login =
        new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8).split(":", 2);
    return builder
        .build(request, new ImageTarget.Registry(uri + ":latest", login[0], Secret.of(login[1])))
        .pinned();
  }

  private String repository() {
    ObjectNode names = AwsClient.object();
    names.withArray("repositoryNames").add(stack);
    try {
      JsonNode found = aws.json(AwsService.ECR, "DescribeRepositories", names);
      return found.path("repositories").path(0).path("repositoryUri").asText();
    } catch (AwsException e) {
      if (!e.is("RepositoryNotFound")) {
        throw e;
      }
    }
    ObjectNode input = AwsClient.object().put("repositoryName", stack);
    input.putObject("imageScanningConfiguration").put("scanOnPush", true);
    input.putObject("encryptionConfiguration").put("encryptionType", "AES256");
    input.withArray("tags").addObject().put("Key", "dynapipe:stack").put("Value", stack);
    return aws.json(AwsService.ECR, "CreateRepository", input)
        .path("repository")
        .path("repositoryUri")
        .asText();
  }

  /** Deletes the repository with its images, if there is one. */
  void delete() {
    try {
      aws.json(
          AwsService.ECR,
          "DeleteRepository",
          AwsClient.object().put("repositoryName", stack).put("force", true));
    } catch (AwsException e) {
      if (!e.is("RepositoryNotFound")) {
        throw e;
      }
    }
  }
}
