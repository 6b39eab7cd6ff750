package io.dynapipe.examples;

import io.dynapipe.deploy.Deployment;
import io.dynapipe.deploy.PipelineSpec;
import java.util.List;

/**
 * RDS PostgreSQL to AWS DMS to Kinesis to a Lambda function to CrateDB, all made by this program.
 *
 * <p>Give the sink's URL: {@code crate://user:password@host:4200/?ssl=true}.
 */
public final class PostgresToCrateDb {

  private PostgresToCrateDb() {}

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: PostgresToCrateDb SINK-URL");
      System.exit(2);
    }
    PipelineSpec spec =
        PipelineSpec.named("postgres-to-cratedb")
            .sink(arguments[0])
            .parameter("DatabaseClass", "db.t4g.small")
            .parameter("StreamRetentionHours", "72")
            .jsonColumns(List.of("public.foo.attributes"))
            .overlay(
                "five functions at most",
                "Resources: {Function: {Properties: {ReservedConcurrentExecutions: 5}}}");
    try (Deployment deployment = Deployment.connect(spec, null, new Console())) {
      deployment
          .up()
          .ifPresent(
              facts ->
                  facts.names().forEach((name, value) -> System.out.println(name + ": " + value)));
    }
  }
}
