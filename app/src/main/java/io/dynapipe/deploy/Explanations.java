package io.dynapipe.deploy;

import io.dynapipe.error.PipelineException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What CloudFormation and the services behind it mean, and what to do. */
final class Explanations {

  private static final Pattern NOT_AUTHORIZED =
      Pattern.compile("not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)");
  private static final Pattern UNKNOWN_PARAMETERS =
      Pattern.compile("Parameters: \\[([^]]*)\\] do not exist");

  /** Texts that services use, and what cures them; the first that matches counts. */
  private enum Known {
    DMS_ROLE(
        "dms-vpc-role.*(not configured properly|required)|IAM Role arn.*dms-vpc-role",
        "AWS DMS does not see the role dms-vpc-role yet: new roles take up to a minute. Run 'up'"
            + " again. When it stays so, is AmazonDMSVPCManagementRole attached to the role?"),
    ROLE_EXISTS(
        "(role|Role).*(dms-vpc-role|dms-cloudwatch-logs-role).*already exists"
            + "|(dms-vpc-role|dms-cloudwatch-logs-role).*already exists",
        "The account has this role. Give --parameter CreateDmsVpcRole=false or"
            + " CreateDmsLogsRole=false."),
    EXISTS(
        "already exists",
        "Something of this name is left over or belongs to somebody else. Delete it if it is"
            + " yours (log groups and snapshots outlive stacks), or take another --stack name."),
    QUOTA(
        "(?i)limit ?exceeded|quota|maximum number of|LimitExceeded",
        "The account has reached a quota. Delete what is not needed, or ask for more in the"
            + " console under Service Quotas."),
    CAPACITY(
        "(?i)insufficient.*capacity|not (currently )?(available|supported) in.*availability zone",
        "The zone lacks this class at the moment. Give another class, or other subnets."),
    CLASS(
        "(?i)instance class|DB instance class|InvalidInstanceType|is not supported.*class",
        "This class is not offered here, or not with this engine version. Try another one."),
    ENGINE(
        "(?i)cannot find version|engine version",
        "This engine version is not offered in the region. Give another DatabaseVersion."),
    SUBNETS(
        "(?i)availability zone coverage|at least (two|2) (subnets|availability zones)",
        "The subnets must lie in two zones at least. Give SubnetIds that do."),
    IMAGE(
        "(?i)source image .* does not exist|image manifest|ECR image",
        "The function's image is not there, or of another architecture than Architecture says."
            + " Push it again: 'up' without --image does."),
    ECR(
        "(?i)lambda does not have permission to access the ECR image",
        "Lambda may not read the image. It must lie in the ECR of this account and region."),
    SECRET(
        "(?i)secret.*(can't find|not found|marked.*deletion)|ResourceNotFoundException.*secret",
        "The secret is gone or about to be. 'aws secretsmanager restore-secret' brings it back."),
    STREAM_ROLE(
        "(?i)cannot be assumed|unable to assume|InvalidRoleException|role.*cannot be assumed",
        "A new role is not known everywhere yet. Run 'up' again in a minute."),
    CONCURRENCY(
        "(?i)ReservedConcurrentExecutions|unreserved.*concurren",
        "The account's Lambda concurrency is used up by reservations. Ask for more in the console"
            + " under Service Quotas."),
    CIDR(
        "(?i)conflicts with another subnet|CIDR .* (invalid|is not valid|conflict)",
        "SubnetCidrs must lie in VpcCidr and not overlap."),
    VPC_DNS(
        "(?i)private-dns-enabled cannot be set|conflicting DNS domain",
        "The VPC has such an endpoint already. Use an existing VPC: VpcId and SubnetIds."),
    TASK_RUNS(
        "(?i)replication task.*(running|not.*state)|InvalidResourceStateFault",
        "AWS DMS refuses changes while a task runs. Run 'dynapipe deploy stop', then this again.");

    private final Pattern pattern;
    private final String cure;

    Known(String pattern, String cure) {
      this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
      this.cure = cure;
    }
  }

  private Explanations() {}

  /** What to do about a reason that a service gave. */
  static Optional<String> cure(String reason) {
    Matcher action = NOT_AUTHORIZED.matcher(reason);
    if (action.find()) {
      return Optional.of(
          "The person or role that deploys may not do "
              + action.group(1)
              + ". docs/aws.md has the policy that it needs.");
    }
    return Stream.of(Known.values())
        .filter(known -> known.pattern.matcher(reason).find())
        .findFirst()
        .map(known -> known.cure);
  }

  /** For a template or parameters that CloudFormation did not even try. */
  static PipelineException ofRefusal(String reason) {
    Matcher unknown = UNKNOWN_PARAMETERS.matcher(reason);
    if (unknown.find()) {
      return PipelineException.input(
          "the template has no parameter " + unknown.group(1),
          "'dynapipe deploy template' prints it with all its parameters.");
    }
    return PipelineException.input(
        "CloudFormation refuses: " + reason,
        cure(reason).orElse("Correct the parameter or the overlay that it names."));
  }

  /** For a change that failed: each failure with what to do. */
  static PipelineException ofFailure(String stack, StackWatch.End end) {
    StringBuilder message = new StringBuilder();
    message.append("the stack ").append(stack).append(" ended as ").append(end.status());
    for (Stacks.Event failure : causes(end.failures())) {
      message
          .append("\n  ")
          .append(failure.resource())
          .append(" (")
          .append(failure.type())
          .append("): ")
          .append(failure.reason());
      cure(failure.reason()).ifPresent(cure -> message.append("\n    ").append(cure));
    }
    return PipelineException.permanent(message.toString(), next(end.status(), stack), null);
  }

  /** Failures with a reason; a stack's own failure only repeats theirs. */
  private static List<Stacks.Event> causes(List<Stacks.Event> failures) {
    List<Stacks.Event> causes =
        failures.stream()
            .filter(event -> !event.type().equals("AWS::CloudFormation::Stack"))
            .filter(event -> !event.reason().isEmpty())
            .toList();
    return causes.isEmpty() ? failures : causes;
  }

  private static String next(String status, String stack) {
    return switch (status) {
      case "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED" ->
          "What was made is gone again; only the failed stack's record is left. Cure the cause and"
              + " run 'up' again: it deletes the record first.";
      case "UPDATE_ROLLBACK_COMPLETE" ->
          "The stack is as it was before. Cure the cause and run 'up' again.";
      case "UPDATE_ROLLBACK_FAILED" ->
          "The stack is between two states, and what it holds still runs. Cure the cause and run"
              + " 'up' again: it goes on with the roll-back first.";
      case "DELETE_FAILED" ->
          "Something else uses what could not be deleted. Free it and run 'down' again.";
      default ->
          "Look at the events: aws cloudformation describe-stack-events --stack-name " + stack;
    };
  }
}
