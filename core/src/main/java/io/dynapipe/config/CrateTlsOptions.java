package io.dynapipe.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a CrateDB node is checked and how the client shows itself.
 *
 * @param verify false only when a person said so
 * @param hostname whether the certificate has to be made out to the host's name
 * @param caCertificate path of a PEM file to trust; null for the JDK's trust store
 * @param certificate path of a PEM file with the client's certificate chain; null without one
 * @param key path of a PEM file with its private key
 */
public record CrateTlsOptions(
    boolean verify,
    boolean hostname,
    @Nullable String caCertificate,
    @Nullable String certificate,
    @Nullable String key) {

  public static final CrateTlsOptions DEFAULT = new CrateTlsOptions(true, true, null, null, null);

  static CrateTlsOptions take(
      boolean ssl, @Nullable String mode, Parameters parameters, Problems problems) {
    Boolean verify = parameters.takeBoolean("verify_ssl_cert");
    String ca = parameters.take("ca_cert");
    String certificate = parameters.take("cert_file");
    String key = parameters.take("key_file");
    if (!ssl && (verify != null || ca != null || certificate != null || key != null)) {
      problems.add("verify_ssl_cert, ca_cert, cert_file and key_file need ssl=true");
    }
    if ((certificate == null) != (key == null)) {
      problems.add("cert_file and key_file go together");
    }
    return new CrateTlsOptions(
        verify == null || verify, !"verify-ca".equals(mode), ca, certificate, key);
  }

  Map<String, String> parameters() {
    Map<String, String> said = new LinkedHashMap<>();
    if (!verify) {
      said.put("verify_ssl_cert", "false");
    }
    if (!hostname) {
      said.put("sslmode", "verify-ca");
    }
    put(said, "ca_cert", caCertificate);
    put(said, "cert_file", certificate);
    put(said, "key_file", key);
    return said;
  }

  private static void put(Map<String, String> said, String name, @Nullable String value) {
    if (value != null) {
      said.put(name, value);
    }
  }
}
