package io.dynapipe.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands for CloudFormation where moto's never fails: one stack, whose resource Database is refused
 * as long as a reason is set. It keeps the requests, for what is asked of AWS is checked here.
 */
final class FakeCloudFormation implements AutoCloseable {

  final List<Map<String, String>> requests = Collections.synchronizedList(new ArrayList<>());

  private final HttpServer server;
  private final List<String> events = new ArrayList<>();
  private String status = "";
  private String reason = "";
  private int rollbacksToFail;
  private boolean executed;

  FakeCloudFormation() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Sets the stack's status; empty for none. */
  synchronized void stackIs(String word) {
    status = word;
  }

  /** From now on the database is refused for this reason; empty for never. */
  synchronized void refuseDatabase(String text) {
    reason = text;
  }

  synchronized void failRollbacks(int times) {
    rollbacksToFail = times;
  }

  synchronized String status() {
    return status;
  }

  List<String> actions() {
    return requests.stream().map(request -> request.getOrDefault("Action", "")).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    boolean signed =
        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
            .startsWith("AWS4-HMAC-SHA256 Credential=");
    Map<String, String> form = new LinkedHashMap<>();
    if (target == null) {
      for (String pair : body.split("&")) {
        int equals = pair.indexOf('=');
        form.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    } else {
      form.put("Action", target.substring(target.indexOf('.') + 1));
      form.put("Body", body);
    }
    form.put("Signed", Boolean.toString(signed));
    requests.add(form);
    String answer = target == null ? xml(form) : json(form.get("Action"));
    int code = answer.contains("<ErrorResponse") || answer.contains("__type") ? 400 : 200;
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String json(String action) {
    return switch (action) {
      case "DescribeReplicationTasks", "DescribeReplicationConfigs" ->
          "{\"__type\":\"ResourceNotFoundFault\",\"message\":\"none\"}";
      case "DescribeSecret" -> "{\"ARN\":\"arn:aws:secretsmanager:us-east-1:1:secret:a\"}";
      case "GetSecretValue" -> "{\"SecretString\":\"crate://127.0.0.1:1/?ssl=true\"}";
      default -> "{}";
    };
  }

  private synchronized String xml(Map<String, String> form) {
    String action = form.getOrDefault("Action", "");
    String result =
        switch (action) {
          case "GetCallerIdentity" ->
              "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/me</Arn>";
          case "GetRole" -> "<Role><RoleName>x</RoleName></Role>";
          case "DescribeStacks" -> stack();
          case "CreateChangeSet" -> created(form);
          case "DescribeChangeSet" -> changeSet();
          case "ExecuteChangeSet" -> executed();
          case "DeleteStack" -> deleted();
          case "ContinueUpdateRollback" -> rolledBack();
          case "DescribeStackEvents" -> events();
          default -> "";
        };
    return result.startsWith("<ErrorResponse")
        ? result
        : "<R><" + action + "Result>" + result + "</" + action + "Result></R>";
  }

  private String stack() {
    return status.isEmpty()
        ? "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id shop does not"
            + " exist</Message></Error></ErrorResponse>"
        : "<Stacks><member><StackId>stack-1</StackId><StackStatus>"
            + status
            + "</StackStatus><Outputs><member><OutputKey>PsqlCommand</OutputKey><OutputValue>psql"
            + " \"postgresql://dynapipe@host:5432/postgres?sslmode=require\"</OutputValue></member>"
            + "</Outputs></member></Stacks>";
  }

  private String created(Map<String, String> form) {
    executed = false;
    if (form.getOrDefault("ChangeSetType", "").equals("CREATE")) {
      status = "REVIEW_IN_PROGRESS";
    }
    return "<Id>1</Id>";
  }

  private String changeSet() {
    return executed
        ? "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes."
            + "</StatusReason>"
        : "<Status>CREATE_COMPLETE</Status><Changes><member><ResourceChange><Action>Add</Action>"
              + "<LogicalResourceId>Database</LogicalResourceId>"
              + "<ResourceType>AWS::RDS::DBInstance</ResourceType></ResourceChange></member></Changes>";
  }

  private String executed() {
    boolean create = status.equals("REVIEW_IN_PROGRESS");
    String verb = create ? "CREATE" : "UPDATE";
    if (reason.isEmpty()) {
      event("Database", verb + "_COMPLETE", "");
      status = verb + "_COMPLETE";
      executed = true;
    } else {
      event("Database", verb + "_FAILED", reason);
      event("Stream", verb + "_FAILED", "Resource creation cancelled");
      status = create ? "ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_FAILED";
    }
    return "";
  }

  private String deleted() {
    status = "";
    return "";
  }

  private String rolledBack() {
    if (rollbacksToFail > 0) {
      rollbacksToFail--;
      event("Database", "UPDATE_FAILED", reason);
      status = "UPDATE_ROLLBACK_FAILED";
    } else {
      status = "UPDATE_ROLLBACK_COMPLETE";
    }
    return "";
  }

  private void event(String resource, String word, String text) {
    events.add(
        0,
        "<member><EventId>"
            + events.size()
            + "</EventId><LogicalResourceId>"
            + resource
            + "</LogicalResourceId><ResourceType>AWS::RDS::DBInstance</ResourceType>"
            + "<ResourceStatus>"
            + word
            + "</ResourceStatus><ResourceStatusReason>"
            + text
            + "</ResourceStatusReason></member>");
  }

  private String events() {
    return "<StackEvents>" + String.join("", events) + "</StackEvents>";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
