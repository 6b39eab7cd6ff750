package io.dynapipe.sink.cratedb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority, a server's certificate for {@code localhost} and a client's, made by the JDK's
 * keytool.
 */
final class TestCertificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;

  TestCertificates(Path folder) {
    this.folder = folder;
    make("authority", "-ext", "bc:c");
    make("other", "-ext", "bc:c");
    signed("server", "-ext", "san=dns:localhost");
    signed("client");
  }

  private void make(String alias, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-keyalg", "EC"));
    command.addAll(List.of(more));
    keytool(alias, command);
  }

  private void signed(String alias, String... extensions) {
    make(alias);
    String request = folder.resolve(alias + ".csr").toString();
    keytool(alias, List.of("-certreq", "-alias", alias, "-file", request));
    List<String> sign =
        new ArrayList<>(
            List.of("-gencert", "-alias", "authority", "-infile", request, "-rfc", "-outfile"));
    sign.add(folder.resolve(alias + ".signed").toString());
    sign.addAll(List.of(extensions));
    keytool("authority", sign);
    keytool(
        alias,
        List.of("-importcert", "-noprompt", "-alias", "authority", "-file", file("authority")));
    keytool(
        alias,
        List.of(
            "-importcert", "-alias", alias, "-file", folder.resolve(alias + ".signed").toString()));
  }

  private void keytool(String store, List<String> command) {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    all.addAll(command);
    all.addAll(List.of("-keystore", folder.resolve(store + ".p12").toString()));
    all.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(all + ": " + output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private KeyStore store(String name) {
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The PEM file of a certificate. */
  String file(String alias) {
    try {
      Certificate certificate = store(alias).getCertificate(alias);
      return pem(alias + ".pem", "CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The PEM file of a private key. */
  String key(String alias) {
    try {
      Key key = store(alias).getKey(alias, PASSWORD.toCharArray());
      return pem(alias + ".key", "PRIVATE KEY", key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String pem(String name, String type, byte[] der) {
    Path file = folder.resolve(name);
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    try {
      Files.writeString(
          file, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return file.toString();
  }

  /** For a server that trusts the authority's clients. */
  SSLContext serverContext() {
    try {
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store("server"), PASSWORD.toCharArray());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      KeyStore authority = KeyStore.getInstance("PKCS12");
      authority.load(null, null);
      authority.setCertificateEntry("ca", store("authority").getCertificate("authority"));
      trust.init(authority);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
