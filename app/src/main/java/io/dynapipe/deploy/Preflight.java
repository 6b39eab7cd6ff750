package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.HostPort;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Layout;
import io.dynapipe.task.Sinks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;

/** What can be known before anything is made. */
final class Preflight {

  static final String VPC_ROLE = "dms-vpc-role";
  static final String LOGS_ROLE = "dms-cloudwatch-logs-role";

  private static final int CONNECT_MILLIS = 5_000;

  private final AwsClient aws;
  private final Conversation talk;

  Preflight(AwsClient aws, Conversation talk) {
    this.aws = aws;
    this.talk = talk;
  }

  /**
   * The account that the credentials belong to.
   *
   * @throws PipelineException (environment) when AWS does not know them
   */
  String account() {
    try {
      var who = aws.query(AwsService.STS, "GetCallerIdentity", Map.of());
      talk.progress(
          "account "
              + who.text("Account")
              + ", region "
              + aws.region()
              + ", as "
              + who.text("Arn"));
      return who.text("Account");
    } catch (AwsException e) {
      throw PipelineException.environment(
          "AWS does not accept the credentials: " + e.getMessage(),
          "Run 'aws configure' or 'aws sso login', or set AWS_PROFILE; 'aws sts"
              + " get-caller-identity' shows who you are.",
          e);
    }
  }

  /** Whether the account has a role. */
  boolean hasRole(String name) {
    try {
      aws.query(AwsService.IAM, "GetRole", Map.of("RoleName", name));
      return true;
    } catch (AwsException e) {
      if (e.is("NoSuchEntity")) {
        return false;
      }
      throw e;
    }
  }

  /** AWS DMS tells its quotas; what is used up is told before the stack fails on it. */
  void checkQuotas(boolean serverless) {
    try {
      JsonNode answer = aws.json(AwsService.DMS, "DescribeAccountAttributes", AwsClient.object());
      for (JsonNode quota : answer.path("AccountQuotas")) {
        String name = quota.path("AccountQuotaName").asText();
        boolean matters =
            name.equals("Endpoints") || (!serverless && name.equals("ReplicationInstances"));
        if (matters && quota.path("Used").asLong() >= quota.path("Max").asLong(Long.MAX_VALUE)) {
          throw PipelineException.environment(
              String.format(
                  Locale.ROOT,
                  "AWS DMS allows this account %d %s, and all are used",
                  quota.path("Max").asLong(),
                  name),
              "Delete some, or ask for more in the console under Service Quotas.",
              null);
        }
      }
    } catch (AwsException e) {
      talk.progress("  quotas of AWS DMS cannot be asked: " + e.getMessage());
    }
  }

  /**
   * Opens the sink from here. AWS may reach it when this machine does not, and the other way round,
   * so the answer is only told.
   */
  void checkSink(String url) {
    SinkUrl sink = SinkUrl.parse(url, Map.of());
    try {
      connect(sink);
      Sinks.open(sink, Layout.DOCUMENT).close();
      talk.progress("  the sink " + sink + " answers");
    } catch (PipelineException e) {
      talk.progress(
          "  warning: the sink does not answer from here: "
              + e.getMessage()
              + " (it must from AWS; with FunctionInVpc=true, from the VPC)");
    }
    if (url.startsWith("crate://") && !url.contains("ssl=true")) {
      talk.progress("  warning: the sink's URL has no ssl=true: changes would travel unencrypted");
    }
  }

  /** The sink itself would wait a while for a server that is away. */
  private static void connect(SinkUrl sink) {
    HostPort host =
        sink instanceof CrateUrl crate ? crate.hosts().get(0) : ((PostgresUrl) sink).hosts().get(0);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host.host(), host.port()), CONNECT_MILLIS);
    } catch (IOException e) {
      throw PipelineException.environment(host + ": " + e.getMessage(), "Is it up?", e);
    }
  }
}
