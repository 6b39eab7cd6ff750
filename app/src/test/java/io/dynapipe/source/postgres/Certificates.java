package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority of a test's own and what it has signed, made by the JDK's keytool. */
final class Certificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;

  /** Makes the authority. */
  Certificates(Path folder) throws Exception {
    this.folder = folder;
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c", "-keyalg", "EC");
    pem(file("ca.crt"), "CERTIFICATE", certificate("ca").getEncoded());
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Makes NAME.crt and NAME.key for a server or a client. */
  void sign(String name, String commonName, String extension) throws Exception {
    keytool("-genkeypair", "-alias", name, "-dname", "CN=" + commonName, "-keyalg", "EC");
    keytool("-certreq", "-alias", name, "-file", file(name + ".csr").toString());
    List<String> signing =
        new ArrayList<>(
            List.of(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                file(name + ".csr").toString(),
                "-outfile",
                file(name + ".der").toString()));
    if (!extension.isEmpty()) {
      signing.addAll(List.of("-ext", extension));
    }
    keytool(signing.toArray(String[]::new));
    pem(file(name + ".crt"), "CERTIFICATE", Files.readAllBytes(file(name + ".der")));
    Key secret = keys().getKey(name, PASSWORD.toCharArray());
    pem(file(name + ".key"), "PRIVATE KEY", secret.getEncoded());
    Files.write(file(name + ".pk8"), secret.getEncoded());
    // Servers and clients refuse a key that others may read.
    for (String key : List.of(name + ".key", name + ".pk8")) {
      Files.setPosixFilePermissions(file(key), PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Certificate certificate(String alias) throws Exception {
    return keys().getCertificate(alias);
  }

  private KeyStore keys() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file("keys.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static void pem(Path file, String what, byte[] bytes) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n");
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keystore",
            file("keys.p12").toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD));
    File output = File.createTempFile("keytool", ".out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
    Files.delete(output.toPath());
  }
}
