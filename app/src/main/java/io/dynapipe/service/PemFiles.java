package io.dynapipe.service;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Makes a TLS context of a certificate chain and its key, as web servers take them. */
final class PemFiles {

  private static final char[] NO_PASSWORD = {};

  private PemFiles() {}

  static SSLContext context(Path key, Path certificate) {
    try (InputStream chain = Files.newInputStream(certificate)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(chain);
      if (certificates.isEmpty()) {
        throw PipelineException.input(
            "file " + certificate + " holds no certificate", "Give a chain in PEM form.");
      }
      PrivateKey secret =
          KeyFactory.getInstance(certificates.iterator().next().getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(der(key)));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("service", secret, NO_PASSWORD, certificates.toArray(Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw PipelineException.input(
          "certificate " + certificate + " and key " + key + " cannot be used: " + e.getMessage(),
          "Give a PEM chain, and its key in PKCS #8 form (openssl pkcs8 -topk8 -nocrypt).");
    } catch (IOException e) {
      throw PipelineException.environment(
          "certificate or key cannot be read: " + e, "Check the names of the files.", e);
    }
  }

  private static byte[] der(Path key) throws IOException {
    String text = Files.readString(key);
    return Base64.getMimeDecoder()
        .decode(
            text.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----|-----END PRIVATE KEY-----.*", ""));
  }
}
