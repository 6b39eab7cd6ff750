package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SourceUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that prove who both sides are, and passwords that are not in the URL. */
final class EncryptedSourceIT {

  @TempDir private Path folder;

  @Test
  void verifiesTheServerAndShowsAClientCertificate() throws Exception {
    Certificates certificates = new Certificates(folder);
    certificates.sign("server", "localhost", "san=dns:localhost");
    certificates.sign("client", "tls", "");
    Path hba = folder.resolve("pg_hba.conf");
    Files.writeString(
        hba,
        """
        hostssl all tls all cert
        hostssl all scram all scram-sha-256
        host all postgres all trust
        """);
    Map<String, String> settings = new HashMap<>();
    settings.put("wal_level", "logical");
    settings.put("ssl", "on");
    settings.put("ssl_cert_file", certificates.file("server.crt").toString());
    settings.put("ssl_key_file", certificates.file("server.key").toString());
    settings.put("ssl_ca_file", certificates.file("ca.crt").toString());
    settings.put("hba_file", hba.toString());
    try (EmbeddedPostgres server = TestServer.start(settings);
        SourceDatabase admin = SourceDatabase.of(TestServer.url(server.getPort(), "postgres"))) {
      admin.run(
          "CREATE ROLE tls LOGIN REPLICATION",
          "SET password_encryption = 'scram-sha-256'",
          "CREATE ROLE scram LOGIN REPLICATION PASSWORD 'right'");
      int port = server.getPort();
      String trusted = "&sslrootcert=" + certificates.file("ca.crt");
      String shown =
          "&sslcert="
              + certificates.file("client.crt")
              + "&sslkey="
              + certificates.file("client.pk8");

      assertThat(encrypted("tls@localhost", port, "verify-full" + trusted + shown)).isEqualTo("t");
      assertThatThrownBy(() -> encrypted("tls@127.0.0.1", port, "verify-full" + trusted + shown))
          .hasMessageContaining("127.0.0.1");
      assertThatThrownBy(() -> encrypted("tls@localhost", port, "verify-full" + trusted))
          .hasMessageContaining("certificate");
      assertPasswords(port, trusted);
    }
  }

  private void assertPasswords(int port, String trusted) throws Exception {
    Path file = folder.resolve("password");
    Files.writeString(file, "right\n");
    assertThat(
            encrypted("scram@localhost", port, "verify-full" + trusted + "&password_file=" + file))
        .isEqualTo("t");
    String command = "&password_command=cat%20" + file;
    assertThat(encrypted("scram@localhost", port, "verify-full" + trusted + command))
        .isEqualTo("t");
    assertThatThrownBy(() -> encrypted("scram:wrong@localhost", port, "verify-full" + trusted))
        .hasMessageContaining("password authentication failed")
        .hasMessageNotContaining("wrong");
  }

  /** Whether the session is encrypted; a replication connection is tried as well. */
  private static String encrypted(String who, int port, String mode) throws Exception {
    PostgresUrl url =
        SourceUrl.parse("postgresql://" + who + ":" + port + "/postgres?sslmode=" + mode, Map.of());
    PostgresConnections connections = new PostgresConnections(url);
    connections.replication().close();
    try (var connection = connections.query();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      row.next();
      return row.getString(1);
    }
  }
}
