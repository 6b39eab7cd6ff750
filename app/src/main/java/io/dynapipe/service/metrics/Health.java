package io.dynapipe.service.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.engine.StreamGauges;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.web.WebAnswer;
import io.dynapipe.service.web.WebHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether work moves. False when records wait in a stream and none is applied, or when a task that
 * should run waits for its source; a task that has failed is no reason: it waits for a person.
 */
public final class Health implements WebHandler {

  private final TaskEngine engine;
  private final Duration patience;
  private final boolean isOpen;

  /**
   * A health check.
   *
   * @param patience how long work may stand still
   * @param isOpen whether everyone who asks is told the reasons
   */
  public Health(TaskEngine engine, Duration patience, boolean isOpen) {
    this.engine = engine;
    this.patience = patience;
    this.isOpen = isOpen;
  }

  /** The verdict, with reasons when it is false. */
  public ObjectNode check() {
    List<String> reasons = new ArrayList<>();
    for (StreamGauges stream : engine.meters().stalled(patience)) {
      reasons.add(
          stream.waiting()
              + " records wait in stream "
              + stream.name()
              + " and none is applied"
              + (stream.failure().isEmpty() ? "." : ": " + stream.failure() + "."));
    }
    for (String task : engine.running()) {
      long since = engine.waitsSince(task);
      if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
        reasons.add(
            "Task "
                + task
                + " has waited for its source for "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since)
                + " seconds.");
      }
    }
    ObjectNode health = Json.object();
    health.put("healthy", reasons.isEmpty());
    ArrayNode shown = health.putArray("reasons");
    reasons.forEach(shown::add);
    return health;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    ObjectNode health = check();
    boolean healthy = health.path("healthy").booleanValue();
    // Anyone may ask; names of streams and tasks are for those who may see the console.
    WebAnswer.json(
        exchange, healthy ? 200 : 503, isOpen ? health : Json.object().put("healthy", healthy));
  }
}
