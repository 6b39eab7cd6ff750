package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.task.StartType;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Serverless replications: configurations, and the runs made of them. */
final class Replications {

  private static final int MAX_NAME = 255;
  private static final Set<Integer> CAPACITIES = Set.of(1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384);
  private static final String TYPE = "full-load|cdc|full-load-and-cdc";

  private final Registry registry;
  private final Account account;
  private final TaskLife life;
  private final TaskViews views;
  private final Statistics statistics;
  private final Clock clock;

  Replications(
      Registry registry,
      Account account,
      TaskLife life,
      TaskViews views,
      Statistics statistics,
      Clock clock) {
    this.registry = registry;
    this.account = account;
    this.life = life;
    this.views = views;
    this.statistics = statistics;
    this.clock = clock;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "CreateReplicationConfig",
            "Makes a serverless replication; its capacity is shown and has no effect.",
            InputShape.of(
                "ReplicationConfigIdentifier! SourceEndpointArn! TargetEndpointArn!",
                "ComputeConfig!:object ReplicationType!:" + TYPE + " TableMappings!",
                "ReplicationSettings SupplementalSettings ResourceIdentifier Tags:objects"),
            this::create),
        Operation.of(
            "ModifyReplicationConfig",
            "Changes a serverless replication that does not run.",
            InputShape.of(
                "ReplicationConfigArn! ReplicationConfigIdentifier ReplicationType:" + TYPE,
                "TableMappings ReplicationSettings SupplementalSettings ComputeConfig:object",
                "SourceEndpointArn TargetEndpointArn"),
            this::modify),
        Operation.of(
            "DeleteReplicationConfig",
            "Deletes a serverless replication that does not run, with its slot at the source.",
            InputShape.of("ReplicationConfigArn!"),
            input -> answer(life.delete(config(input)))),
        Operation.of(
            "DescribeReplicationConfigs",
            "Lists the definitions of serverless replications.",
            InputShape.of(Listing.INPUT),
            input -> listing(input).answer("ReplicationConfigs", all(), this::show)),
        Operation.of(
            "StartReplication",
            "Starts a serverless replication; the connections are tested on the way.",
            InputShape.of(
                "ReplicationConfigArn! StartReplicationType! PremigrationAssessmentSettings",
                CdcPositions.INPUT),
            this::start),
        Operation.of(
            "StopReplication",
            "Stops a serverless replication.",
            InputShape.of("ReplicationConfigArn!"),
            input -> run(life.stop(config(input)))),
        Operation.of(
            "DescribeReplications",
            "Lists serverless replications with state and progress.",
            InputShape.of(Listing.INPUT),
            input -> listing(input).answer("Replications", all(), views::showReplication)),
        Operation.of(
            "DescribeReplicationTableStatistics",
            "As DescribeTableStatistics, for a serverless replication.",
            InputShape.of("ReplicationConfigArn!", Listing.INPUT),
            this::tables),
        Operation.of(
            "ReloadReplicationTables",
            "As ReloadTables, for a serverless replication.",
            InputShape.of(
                "ReplicationConfigArn! TablesToReload!:objects",
                "ReloadOption:data-reload|validate-only"),
            this::reload));
  }

  private Resource config(Input input) {
    return TaskViews.requireConfig(registry, input.required("ReplicationConfigArn"));
  }

  private List<Resource> all() {
    return registry.all(Kind.CONFIG);
  }

  private static Listing<Resource> listing(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("replication-config-arn", Resource::key)
        .filter("replication-config-id", Plans::label)
        .orNotFound("Replication");
  }

  private ObjectNode create(Input input) {
    String name = Identifiers.name(input, "ReplicationConfigIdentifier", MAX_NAME);
    String arn = account.arn(Kind.CONFIG, Identifiers.resourceId(input));
    requireFree(name, arn);
    ObjectNode shown = Json.object();
    shown.put("ReplicationConfigIdentifier", name);
    shown.put("ReplicationConfigArn", arn);
    fill(input, shown);
    if (!shown.has("ReplicationSettings")) {
      shown.put("ReplicationSettings", Plans.completed(null));
    }
    ObjectNode kept = Json.object();
    Tags.keep(input, kept);
    RunState.created(kept, clock.millis());
    return answer(registry.create(Kind.CONFIG, arn, shown, kept));
  }

  private void requireFree(String name, String arn) {
    Resource same =
        registry.find(Kind.CONFIG, r -> r.key().equals(arn) || Plans.label(r).equals(name));
    if (same != null) {
      throw Fault.alreadyExists("Replication config " + name + " already exists.", same.key());
    }
  }

  private void fill(Input input, ObjectNode shown) {
    for (String type : List.of("Source", "Target")) {
      String arn = input.text(type + "EndpointArn");
      if (arn != null) {
        if (!Endpoints.require(registry, arn).text("EndpointType").equalsIgnoreCase(type)) {
          throw Fault.invalidCombination("Endpoint " + arn + " is of the wrong type.");
        }
        shown.put(type + "EndpointArn", arn);
      }
    }
    String mappings = input.text("TableMappings");
    if (mappings != null) {
      var unused = TableMappings.parse(mappings);
      shown.put("TableMappings", mappings);
    }
    String settings = input.text("ReplicationSettings");
    if (settings != null) {
      shown.put("ReplicationSettings", Plans.completed(settings));
    }
    for (String member : List.of("ReplicationType", "SupplementalSettings")) {
      String text = input.text(member);
      if (text != null) {
        shown.put(member, text);
      }
    }
    if (input.has("ComputeConfig")) {
      shown.set("ComputeConfig", compute(input.object("ComputeConfig")));
    }
  }

  private static ObjectNode compute(Input compute) {
    Input checked =
        InputShape.of(
                "AvailabilityZone DnsNameServers KmsKeyId MaxCapacityUnits!:integer",
                "MinCapacityUnits:integer MultiAZ:boolean PreferredMaintenanceWindow",
                "ReplicationSubnetGroupId VpcSecurityGroupIds:texts")
            .read(compute.node());
    for (String member : List.of("MinCapacityUnits", "MaxCapacityUnits")) {
      if (checked.has(member) && !CAPACITIES.contains((int) checked.integer(member, 0))) {
        throw Fault.invalidValue(
            member + " must be one of 1, 2, 4, 8, 16, 32, 64, 128, 192, 256," + " 384.");
      }
    }
    return compute.node();
  }

  private ObjectNode modify(Input input) {
    Resource config = config(input);
    String name =
        input.has("ReplicationConfigIdentifier")
            ? Identifiers.name(input, "ReplicationConfigIdentifier", MAX_NAME)
            : Plans.label(config);
    if (!name.equals(Plans.label(config))) {
      requireFree(name, "");
    }
    return answer(
        life.modify(
            config,
            r -> {
              fill(input, r.shown());
              r.shown().put("ReplicationConfigIdentifier", name);
            }));
  }

  private ObjectNode start(Input input) {
    if (input.has("PremigrationAssessmentSettings")) {
      throw Fault.invalidCombination(
          "PremigrationAssessmentSettings are not offered by this service.");
    }
    StartType type = Tasks.startType(input.required("StartReplicationType"));
    boolean resumes = type == StartType.RESUME_PROCESSING;
    return run(
        life.start(
            config(input),
            type,
            config -> {
              CdcPositions.forget(resumes, config.kept());
              CdcPositions.keepForStart(
                  input,
                  resumes,
                  Plans.migrationType(config),
                  Endpoints.require(registry, config.text("SourceEndpointArn")),
                  config.kept());
            }));
  }

  private ObjectNode tables(Input input) {
    Resource config = config(input);
    ObjectNode answer = statistics.tables(input, "ReplicationTableStatistics", config);
    answer.put("ReplicationConfigArn", config.key());
    return answer;
  }

  private ObjectNode reload(Input input) {
    Resource config = config(input);
    statistics.reload(input, config);
    return Json.object().put("ReplicationConfigArn", config.key());
  }

  private ObjectNode show(Resource config) {
    ObjectNode shown = config.shown().deepCopy();
    shown.set(
        "ReplicationConfigCreateTime",
        Json.seconds(java.time.Instant.ofEpochMilli(RunState.millis(config, "createMillis"))));
    return shown;
  }

  private ObjectNode answer(Resource config) {
    ObjectNode answer = Json.object();
    answer.set("ReplicationConfig", show(config));
    return answer;
  }

  private ObjectNode run(Resource config) {
    ObjectNode answer = Json.object();
    answer.set("Replication", views.showReplication(config));
    return answer;
  }
}
