package io.dynapipe.deploy.aws;

/** The services that a deployment talks to, and how. */
public enum AwsService {
  CLOUDFORMATION("cloudformation", "2010-05-15", "CLOUDFORMATION"),
  IAM("iam", "2010-05-08", "IAM"),
  STS("sts", "2011-06-15", "STS"),
  CLOUDWATCH("monitoring", "2010-08-01", "CLOUDWATCH"),
  DMS("dms", "AmazonDMSv20160101", "DATABASE_MIGRATION_SERVICE"),
  ECR("ecr", "AmazonEC2ContainerRegistry_V20150921", "ECR"),
  LOGS("logs", "Logs_20140328", "CLOUDWATCH_LOGS"),
  SECRETS("secretsmanager", "secretsmanager", "SECRETS_MANAGER");

  private final String signingName;
  private final String version;
  private final String variable;

  AwsService(String signingName, String version, String variable) {
    this.signingName = signingName;
    this.version = version;
    this.variable = variable;
  }

  String signingName() {
    return signingName;
  }

  /** The API's version for a query, the target's prefix for JSON. */
  String version() {
    return version;
  }

  /** Ends the variable that redirects requests, as all AWS SDKs understand it. */
  String variable() {
    return "AWS_ENDPOINT_URL_" + variable;
  }

  /** AWS's own host for it. */
  String host(String region, String dnsSuffix) {
    return switch (this) {
      case IAM ->
          region.startsWith("cn-")
              ? "iam.cn-north-1." + dnsSuffix
              : region.startsWith("us-gov-") ? "iam.us-gov." + dnsSuffix : "iam." + dnsSuffix;
      case ECR -> "api.ecr." + region + "." + dnsSuffix;
      case CLOUDFORMATION, STS, CLOUDWATCH, DMS, LOGS, SECRETS ->
          signingName + "." + region + "." + dnsSuffix;
    };
  }

  /** IAM is one for all regions of a partition and signs with its first. */
  String signingRegion(String region) {
    if (this != IAM) {
      return region;
    }
    return region.startsWith("cn-")
        ? "cn-north-1"
        : region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
  }

  String contentType() {
    return switch (this) {
      case CLOUDFORMATION, IAM, STS, CLOUDWATCH ->
          "application/x-www-form-urlencoded; charset=utf-8";
      case DMS, ECR, LOGS, SECRETS -> "application/x-amz-json-1.1";
    };
  }
}
