package io.dynapipe.examples;

import io.dynapipe.deploy.Deployment;
import io.dynapipe.deploy.Facts;
import io.dynapipe.deploy.PipelineSpec;
import java.util.Map;
import java.util.Optional;

/**
 * Only a stream, a function and a target endpoint, for an AWS DMS that exists: give the endpoint to
 * a task of your own.
 */
public final class StreamAndFunction {

  private StreamAndFunction() {}

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: StreamAndFunction SINK-URL");
      System.exit(2);
    }
    PipelineSpec spec =
        PipelineSpec.named("stream-to-cratedb")
            .sink(arguments[0])
            .parameters(Map.of("Replication", "none", "StreamShards", "2"));
    try (Deployment deployment = Deployment.connect(spec, null, new Console())) {
      Optional<Facts> facts = deployment.up();
      facts.ifPresent(
          it ->
              System.out.println(
                  "Give your replication task the target endpoint "
                      + it.names().get("Target endpoint ARN")));
    }
  }
}
