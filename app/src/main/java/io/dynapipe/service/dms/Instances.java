package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Replication instances. All of them are this process: class, size and version are accepted and
 * shown, and have no effect.
 */
final class Instances {

  /** The instance that is there from the beginning. */
  static final String LOCAL = "dynapipe-local";

  private static final Pattern CLASS =
      Pattern.compile("dms\\.[a-z][a-z0-9]*\\.(micro|small|medium|large|[0-9]*xlarge)");
  private static final int MAX_NAME = 63;
  private static final int MIN_STORAGE = 5;
  private static final int MAX_STORAGE = 6_144;

  private final Registry registry;
  private final Account account;
  private final Events events;
  private final Clock clock;

  Instances(Registry registry, Account account, Events events, Clock clock) {
    this.registry = registry;
    this.account = account;
    this.events = events;
    this.clock = clock;
  }

  /** Makes the local instance when there is none at all. */
  void makeLocal() {
    if (registry.count(Kind.INSTANCE) == 0) {
      ObjectNode request = Json.object();
      request.put("ReplicationInstanceIdentifier", LOCAL);
      request.put("ReplicationInstanceClass", "dms.t3.medium");
      request.put("ResourceIdentifier", "LOCAL");
      create(new Input(request));
    }
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "CreateReplicationInstance",
            "Makes an instance. All instances are this process; class, storage and version are"
                + " shown and have no effect.",
            InputShape.of(
                "ReplicationInstanceIdentifier! ReplicationInstanceClass! AllocatedStorage:integer",
                "VpcSecurityGroupIds:texts AvailabilityZone ReplicationSubnetGroupIdentifier",
                "PreferredMaintenanceWindow MultiAZ:boolean EngineVersion",
                "AutoMinorVersionUpgrade:boolean Tags:objects KmsKeyId PubliclyAccessible:boolean",
                "DnsNameServers ResourceIdentifier NetworkType"),
            this::create),
        Operation.of(
            "ModifyReplicationInstance",
            "Changes what an instance shows.",
            InputShape.of(
                "ReplicationInstanceArn! AllocatedStorage:integer ApplyImmediately:boolean",
                "ReplicationInstanceClass VpcSecurityGroupIds:texts PreferredMaintenanceWindow",
                "MultiAZ:boolean EngineVersion AllowMajorVersionUpgrade:boolean",
                "AutoMinorVersionUpgrade:boolean ReplicationInstanceIdentifier NetworkType"),
            this::modify),
        Operation.of(
            "RebootReplicationInstance",
            "Answers with the instance; tasks run on.",
            InputShape.of(
                "ReplicationInstanceArn! ForceFailover:boolean ForcePlannedFailover:boolean"),
            this::reboot),
        Operation.of(
            "DeleteReplicationInstance",
            "Deletes an instance that no task and no connection uses.",
            InputShape.of("ReplicationInstanceArn!"),
            this::delete),
        Operation.of(
            "DescribeReplicationInstances",
            "Lists instances.",
            InputShape.of(Listing.INPUT),
            this::describe));
  }

  /**
   * The instance of this ARN.
   *
   * @throws Fault when there is none
   */
  static Resource require(Registry registry, String arn) {
    Resource instance = registry.find(Kind.INSTANCE, arn);
    if (instance == null) {
      throw Fault.notFound("Replication instance " + arn + " not found.");
    }
    return instance;
  }

  private ObjectNode create(Input input) {
    String name = Identifiers.name(input, "ReplicationInstanceIdentifier", MAX_NAME);
    String arn = account.arn(Kind.INSTANCE, Identifiers.resourceId(input));
    requireFree(name, arn);
    ObjectNode shown = Json.object();
    shown.put("ReplicationInstanceIdentifier", name);
    shown.put("ReplicationInstanceStatus", "available");
    shown.put("AllocatedStorage", 50);
    shown.set("InstanceCreateTime", Json.seconds(clock.instant()));
    shown.putArray("VpcSecurityGroups");
    shown.put("AvailabilityZone", input.text("AvailabilityZone", account.region() + "a"));
    shown.put("PreferredMaintenanceWindow", "sun:03:00-sun:03:30");
    shown.putObject("PendingModifiedValues");
    shown.put("MultiAZ", false);
    shown.put("EngineVersion", AccountFacts.ENGINE_VERSION);
    shown.put("AutoMinorVersionUpgrade", true);
    shown.put("ReplicationInstanceArn", arn);
    shown.put("ReplicationInstancePrivateIpAddress", "127.0.0.1");
    shown.putArray("ReplicationInstancePrivateIpAddresses").add("127.0.0.1");
    shown.putArray("ReplicationInstancePublicIpAddresses");
    shown.put("PubliclyAccessible", input.bool("PubliclyAccessible", false));
    shown.put("NetworkType", "IPV4");
    String subnetGroup = input.text("ReplicationSubnetGroupIdentifier");
    if (subnetGroup != null) {
      shown.set("ReplicationSubnetGroup", SubnetGroups.require(registry, subnetGroup).shown());
    }
    copy(input, shown);
    ObjectNode kept = Json.object();
    Tags.keep(input, kept);
    registry.create(Kind.INSTANCE, arn, shown, kept);
    events.record(Events.Source.INSTANCE, name, "creation", "Replication instance created");
    return answer(shown, "creating");
  }

  private void requireFree(String name, String arn) {
    Resource same =
        registry.find(
            Kind.INSTANCE,
            r -> r.key().equals(arn) || r.text("ReplicationInstanceIdentifier").equals(name));
    if (same != null) {
      throw Fault.alreadyExists("Replication instance " + name + " already exists.", same.key());
    }
  }

  private static void copy(Input input, ObjectNode shown) {
    String size = input.text("ReplicationInstanceClass");
    if (size != null) {
      if (!CLASS.matcher(size).matches()) {
        throw Fault.invalidValue(
            "Invalid ReplicationInstanceClass '" + size + "'. Classes look like dms.t3.medium.");
      }
      shown.put("ReplicationInstanceClass", size);
    }
    long storage = input.integer("AllocatedStorage", MIN_STORAGE);
    if (storage < MIN_STORAGE || storage > MAX_STORAGE) {
      throw Fault.invalidValue("AllocatedStorage must be between 5 and 6144.");
    }
    for (String member :
        List.of(
            "AllocatedStorage",
            "PreferredMaintenanceWindow",
            "MultiAZ",
            "EngineVersion",
            "AutoMinorVersionUpgrade",
            "KmsKeyId",
            "DnsNameServers",
            "NetworkType")) {
      if (input.has(member)) {
        shown.set(member, input.node().get(member));
      }
    }
    if (input.has("VpcSecurityGroupIds")) {
      var groups = shown.putArray("VpcSecurityGroups");
      for (String id : input.texts("VpcSecurityGroupIds")) {
        groups.addObject().put("VpcSecurityGroupId", id).put("Status", "active");
      }
    }
  }

  private ObjectNode modify(Input input) {
    Resource instance = require(registry, input.required("ReplicationInstanceArn"));
    if (input.has("ReplicationInstanceIdentifier")) {
      String name = Identifiers.name(input, "ReplicationInstanceIdentifier", MAX_NAME);
      if (!name.equals(instance.text("ReplicationInstanceIdentifier"))) {
        requireFree(name, "");
      }
    }
    Resource changed =
        registry.update(
            Kind.INSTANCE,
            instance.key(),
            r -> {
              copy(input, r.shown());
              if (input.has("ReplicationInstanceIdentifier")) {
                r.shown()
                    .put(
                        "ReplicationInstanceIdentifier",
                        Identifiers.name(input, "ReplicationInstanceIdentifier", MAX_NAME));
              }
            });
    return answer(changed == null ? instance.shown() : changed.shown(), "modifying");
  }

  private ObjectNode reboot(Input input) {
    return answer(require(registry, input.required("ReplicationInstanceArn")).shown(), "rebooting");
  }

  private ObjectNode delete(Input input) {
    Resource instance = require(registry, input.required("ReplicationInstanceArn"));
    String arn = instance.key();
    if (registry.find(Kind.TASK, r -> r.text("ReplicationInstanceArn").equals(arn)) != null) {
      throw Fault.invalidState(
          "Replication instance " + arn + " has replication tasks. Delete them first.");
    }
    if (registry.find(Kind.CONNECTION, r -> r.text("ReplicationInstanceArn").equals(arn)) != null) {
      throw Fault.invalidState(
          "Replication instance " + arn + " has endpoint connections. Delete them first.");
    }
    registry.remove(Kind.INSTANCE, arn);
    events.record(
        Events.Source.INSTANCE,
        instance.text("ReplicationInstanceIdentifier"),
        "deletion",
        "Replication instance deleted");
    return answer(instance.shown(), "deleting");
  }

  private ObjectNode describe(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("replication-instance-arn", Resource::key)
        .filter("replication-instance-id", r -> r.text("ReplicationInstanceIdentifier"))
        .filter("replication-instance-class", r -> r.text("ReplicationInstanceClass"))
        .filter("engine-version", r -> r.text("EngineVersion"))
        .orNotFound("Replication Instance")
        .answer("ReplicationInstances", registry.all(Kind.INSTANCE), Resource::shown);
  }

  /** What was asked for is done when the answer is read; the answer says what is being done. */
  private static ObjectNode answer(ObjectNode shown, String status) {
    ObjectNode answer = Json.object();
    answer.set("ReplicationInstance", shown.deepCopy().put("ReplicationInstanceStatus", status));
    return answer;
  }
}
