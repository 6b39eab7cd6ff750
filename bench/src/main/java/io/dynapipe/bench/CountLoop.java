package io.dynapipe.bench;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SourceUrl;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** The ceiling of change capture: the driver reads a slot, and nobody looks into the messages. */
final class CountLoop {

  private CountLoop() {}

  /** Arguments: URL, slot (and publication), row changes to wait for. */
  public static void main(String[] arguments) throws Exception {
    int wanted = Integer.parseInt(arguments[2]);
    long began = System.nanoTime();
    try (Connection connection = connect(arguments[0]);
        PGReplicationStream stream =
            connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(arguments[1])
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", arguments[1])
                .start()) {
      for (int seen = 0; seen < wanted; ) {
        ByteBuffer message = stream.read();
        seen += isRow(message.get(message.position())) ? 1 : 0;
      }
      Loops.report(began);
      // Closing the stream would read what the server still sends.
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }

  private static boolean isRow(byte kind) {
    return kind == 'I' || kind == 'U' || kind == 'D';
  }

  private static Connection connect(String url) throws Exception {
    PostgresUrl parsed = SourceUrl.parse(url, Map.of());
    Properties properties = parsed.jdbcProperties();
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    return DriverManager.getConnection(parsed.jdbcUrl(), properties);
  }
}
