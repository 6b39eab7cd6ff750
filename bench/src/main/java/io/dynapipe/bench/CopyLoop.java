package io.dynapipe.bench;

import java.io.OutputStream;
import java.sql.Connection;
import org.postgresql.PGConnection;

/** The ceiling of a full load: the driver's CopyManager drains the table and drops its bytes. */
final class CopyLoop {

  private CopyLoop() {}

  public static void main(String[] arguments) throws Exception {
    long began = System.nanoTime();
    try (Connection connection = SourceDatabase.connect(arguments[0])) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("COPY " + arguments[1] + " TO STDOUT", OutputStream.nullOutputStream());
    }
    Loops.report(began);
  }
}
