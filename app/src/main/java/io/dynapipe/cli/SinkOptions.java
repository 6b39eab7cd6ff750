package io.dynapipe.cli;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.sink.Layout;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where changes are applied, and in which layout. */
final class SinkOptions {

  @Option(
      names = "--sink",
      paramLabel = "URL",
      description = {
        "Target: crate://user:password@host:4200/schema?ssl=true or",
        "postgresql://user:password@host:5432/database. Without it, the environment",
        "variables SINK_SQLALCHEMY_URL and CRATEDB_CLUSTER_URL are asked."
      })
  @Nullable String sink;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "document",
      description = {
        "Layout of tables that are made: document, universal or columns",
        "(default: ${DEFAULT-VALUE}). Tables that exist are used as they are."
      })
  String layout = "document";

  SinkUrl url(Map<String, String> environment) {
    return SinkUrl.resolve(sink, environment);
  }

  Layout layout() {
    return Layout.parse(layout);
  }
}
