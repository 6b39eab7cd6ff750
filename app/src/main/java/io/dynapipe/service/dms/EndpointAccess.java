package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.HostPort;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.Secret;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.service.state.SecretBox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What endpoints stand for: databases, streams, and the form of messages. Thread-safe. */
final class EndpointAccess {

  private static final int MAX_SECONDS_TO_CONNECT = 10;

  /** arn:aws:kinesis:region:account:stream/name. */
  private static final int REGION_PART = 3;

  private final Registry registry;
  private final Account account;
  private final SecretBox secrets;

  EndpointAccess(Registry registry, Account account, SecretBox secrets) {
    this.registry = registry;
    this.account = account;
    this.secrets = secrets;
  }

  /**
   * The database of a source endpoint.
   *
   * @throws PipelineException (environment) when its password cannot be decrypted
   */
  PostgresUrl database(Resource endpoint) {
    Map<String, String> properties = new LinkedHashMap<>();
    String sslMode = endpoint.text("SslMode");
    // DMS's "none" asks for no encryption; a server that insists on it is reached all the same.
    properties.put("sslmode", sslMode.equals("none") ? "prefer" : sslMode);
    properties.put("connectTimeout", Integer.toString(MAX_SECONDS_TO_CONNECT));
    Resource certificate = registry.find(Kind.CERTIFICATE, endpoint.text("CertificateArn"));
    if (certificate != null) {
      properties.put("sslrootcert", certificate.keptText("file"));
    }
    String sealed = endpoint.keptText("password");
    @Nullable Secret password = sealed.isEmpty() ? null : Secret.of(secrets.open(sealed));
    return new PostgresUrl(
        List.of(
            new HostPort(endpoint.text("ServerName"), endpoint.shown().path("Port").intValue())),
        endpoint.text("DatabaseName"),
        endpoint.text("Username"),
        password,
        properties);
  }

  /**
   * What a target endpoint's ARN names: one of this service's streams by its name, any other by its
   * ARN.
   */
  String stream(Resource endpoint) {
    String arn = streamArn(endpoint);
    return isOurs(arn) ? name(arn) : arn;
  }

  /**
   * The stream at Amazon Kinesis that a target endpoint names, by an ARN of another account or
   * region than this service has; null when it is one of our own.
   */
  @Nullable KinesisUrl kinesis(Resource endpoint) {
    String arn = streamArn(endpoint);
    String region = arn.split(":", -1)[REGION_PART];
    return isOurs(arn) ? null : new KinesisUrl(region, name(arn), arn, null, Map.of());
  }

  private static String streamArn(Resource endpoint) {
    return endpoint.shown().path("KinesisSettings").path("StreamArn").asText();
  }

  private static String name(String arn) {
    return arn.substring(arn.indexOf('/') + 1);
  }

  private boolean isOurs(String arn) {
    return arn.equals(account.streamArn(name(arn)));
  }

  static DmsSettings messages(Resource endpoint) {
    JsonNode given = endpoint.shown().path("KinesisSettings");
    DmsSettings settings = DmsSettings.defaults();
    for (DmsSettings.MessageFormat format : DmsSettings.MessageFormat.values()) {
      if (given.path("MessageFormat").asText().equals(format.apiName())) {
        settings = settings.with(format);
      }
    }
    for (DmsSettings.Flag flag : DmsSettings.Flag.values()) {
      settings = settings.with(flag, given.path(flag.apiName()).asBoolean(settings.has(flag)));
    }
    return settings;
  }
}
