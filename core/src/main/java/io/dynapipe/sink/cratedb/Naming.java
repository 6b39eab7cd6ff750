package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.cratedb.CrateSettings.ControlTables;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a source's table goes. */
final class Naming {

  /** CrateDB's default schema. */
  private static final String DEFAULT_SCHEMA = "doc";

  private static final String CONTROL_SCHEMA = "dms";

  /** Schemas that belong to CrateDB. */
  private static final Set<String> RESERVED =
      Set.of("sys", "information_schema", "pg_catalog", "blob", "_all");

  /** CrateDB takes 255 bytes for schema and table together. */
  private static final int MAX_BYTES = 120;

  private static final String REFUSED = ".\\/*?\"<>| ,#:";

  private final CrateSettings.Tables settings;

  Naming(CrateSettings.Tables settings) {
    this.settings = settings;
  }

  /** The table's name in CrateDB, or null when its events are to be passed over. */
  @Nullable TableName target(TableName source) {
    if (io.dynapipe.sink.ControlTables.isControl(source)) {
      return settings.controlTables() == ControlTables.SKIP
          ? null
          : new TableName(CONTROL_SCHEMA, source.name());
    }
    String schema = settings.schema();
    if (schema == null) {
      schema = source.schema().isEmpty() ? DEFAULT_SCHEMA : source.schema();
    }
    return new TableName(accepted(schema), accepted(source.name()));
  }

  /**
   * The name itself, or for one that CrateDB refuses: an underscore for each character it does not
   * take, and a digest, so that different names stay different.
   */
  static String accepted(String name) {
    StringBuilder accepted = new StringBuilder();
    int bytes = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean sign = i == 0 && (c == '-' || c == '+');
      accepted.append(c < ' ' || REFUSED.indexOf(c) >= 0 || sign ? '_' : c);
      bytes += c < 0x80 ? 1 : 3;
    }
    boolean reserved = RESERVED.contains(name.toLowerCase(Locale.ROOT));
    if (accepted.toString().equals(name) && bytes <= MAX_BYTES && !reserved) {
      return name;
    }
    accepted.setLength(Math.min(accepted.length(), MAX_BYTES / 3 - 9));
    return accepted + "_" + digest(name);
  }

  private static String digest(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
