package io.dynapipe.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the sink is, and who may enter: from the environment alone, or with a secret that holds the
 * whole URL, or user and password. Immutable.
 */
final class SinkAddress {

  /** Our own name; the reference processor's names are SinkUrl's business. */
  static final String URL = "DYNAPIPE_SINK";

  /** Name or ARN of a secret in AWS Secrets Manager. */
  static final String SECRET = "DYNAPIPE_SINK_SECRET";

  /** {@code api}: Secrets Manager is asked itself; else its extension in the environment. */
  static final String SECRETS = "DYNAPIPE_SECRETS";

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> environment;
  private final @Nullable String secretId;

  /**
   * Checks what can be checked without the secret.
   *
   * @throws PipelineException (input) listing all problems of the URL
   */
  SinkAddress(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    String id = environment.get(SECRET);
    this.secretId = id == null || id.isBlank() ? null : id.strip();
    if (secretId == null) {
      resolve(this.environment);
    } else if (namesSink(environment)) {
      resolve(with("user", "password"));
    }
  }

  private static boolean namesSink(Map<String, String> environment) {
    return environment.containsKey(URL)
        || environment.containsKey(SinkUrl.SINK_SQLALCHEMY_URL)
        || environment.containsKey(SinkUrl.CRATEDB_CLUSTER_URL);
  }

  private static SinkUrl resolve(Map<String, String> environment) {
    return SinkUrl.resolve(environment.get(URL), environment);
  }

  /** Whether {@link #url} asks for a secret, which Lambda answers only during an invocation. */
  boolean needsSecret() {
    return secretId != null;
  }

  /**
   * The sink's URL.
   *
   * @throws PipelineException (environment) when the secret cannot be had; (input) when it is of no
   *     use
   */
  SinkUrl url() {
    if (secretId == null) {
      return resolve(environment);
    }
    String secret = read(secretId).strip();
    if (!secret.startsWith("{")) {
      return SinkUrl.resolve(secret, environment);
    }
    Map<String, String> members = members(secret);
    String user = members.get("username");
    String password = members.get("password");
    if (user == null || password == null) {
      throw useless();
    }
    return resolve(with(user, password));
  }

  private String read(String id) {
    return "api".equals(environment.get(SECRETS))
        ? new SecretsApi(environment, Clock.systemUTC()).read(id)
        : SecretsExtension.of(environment).read(id);
  }

  private Map<String, String> with(String user, String password) {
    Map<String, String> more = new HashMap<>(environment);
    more.put("CRATEDB_USERNAME", user);
    more.put("CRATEDB_PASSWORD", password);
    more.put("PGUSER", user);
    more.put("PGPASSWORD", password);
    return more;
  }

  private Map<String, String> members(String secret) {
    Map<String, String> members = new HashMap<>();
    try (JsonParser in = JSON.createParser(secret)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        if (in.nextToken() == JsonToken.VALUE_STRING) {
          members.put(name, in.getText());
        } else {
          in.skipChildren();
        }
      }
      return members;
    } catch (IOException e) {
      // Without the parser's words: they quote the text around the mistake.
      throw useless();
    }
  }

  private PipelineException useless() {
    return PipelineException.input(
        "the secret " + secretId + " holds neither a sink URL nor username and password",
        "Store the URL as plain text, or {\"username\": \"...\", \"password\": \"...\"}.");
  }
}
