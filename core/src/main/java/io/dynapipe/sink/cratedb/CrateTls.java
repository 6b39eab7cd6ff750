package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS as the settings ask for it, from PEM files. */
final class CrateTls {

  private static final char[] NO_PASSWORD = {};

  private CrateTls() {}

  /**
   * What makes the sockets.
   *
   * @throws PipelineException (input) when a file cannot be read or understood
   */
  static SSLSocketFactory sockets(CrateSettings.Tls tls) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(tls), trust(tls), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("TLS is not available", e);
    }
  }

  /** The check of the host's name, or null for the JDK's. */
  @SuppressWarnings("BadHostnameVerifier") // The user asked for no check of the name.
  static @Nullable HostnameVerifier hostnames(CrateSettings.Tls tls) {
    return tls.verify() == CrateSettings.Tls.Verify.VERIFY_FULL ? null : (host, session) -> true;
  }

  private static TrustManager @Nullable [] trust(CrateSettings.Tls tls)
      throws GeneralSecurityException, IOException {
    if (tls.verify() == CrateSettings.Tls.Verify.REQUIRE) {
      return new TrustManager[] {new Everyone()};
    }
    if (tls.caFile() == null) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    int number = 0;
    for (Certificate certificate : certificates(tls.caFile())) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(CrateSettings.Tls tls)
      throws GeneralSecurityException, IOException {
    if (tls.certificateFile() == null || tls.keyFile() == null) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    Certificate[] chain = certificates(tls.certificateFile()).toArray(Certificate[]::new);
    store.setKeyEntry("client", privateKey(tls.keyFile()), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static Collection<? extends Certificate> certificates(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw unreadable(file, "it holds no certificate");
      }
      return all;
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private static PrivateKey privateKey(String file) throws GeneralSecurityException {
    String text;
    try {
      text = Files.readString(Path.of(file));
    } catch (IOException e) {
      throw unreadable(file, e.toString());
    }
    String begin = "-----BEGIN PRIVATE KEY-----";
    int start = text.indexOf(begin);
    int end = text.indexOf("-----END PRIVATE KEY-----");
    if (start < 0 || end < start) {
      throw unreadable(file, "it holds no PKCS #8 key (openssl pkcs8 -topk8 -nocrypt makes one)");
    }
    byte[] der = Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end).trim());
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // A key of another algorithm: the next may fit.
      }
    }
    throw unreadable(file, "its key is neither RSA nor EC nor Ed25519");
  }

  private static PipelineException unreadable(String file, String why) {
    return PipelineException.input(
        "cannot use the TLS file " + file + ": " + why, "Give a PEM file that can be read.");
  }

  /** Trusts every server, since the user asked for encryption without a check. */
  private static final class Everyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
