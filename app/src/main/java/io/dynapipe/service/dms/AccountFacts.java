package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import java.util.List;

/** What the account has and may have: quotas, instance classes, versions. */
final class AccountFacts {

  static final String ENGINE_VERSION = "3.6.1";

  /** Quotas of an AWS account; here they bound nothing but what is shown. */
  private static final List<String> CLASSES =
      List.of(
          "dms.t3.micro",
          "dms.t3.small",
          "dms.t3.medium",
          "dms.t3.large",
          "dms.c5.large",
          "dms.c5.xlarge",
          "dms.r5.large",
          "dms.r5.xlarge",
          "dms.r5.2xlarge");

  private final Registry registry;
  private final Account account;

  AccountFacts(Registry registry, Account account) {
    this.registry = registry;
    this.account = account;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "DescribeAccountAttributes",
            "Tells how many resources there are, with AWS's usual quotas beside.",
            InputShape.of(),
            this::attributes),
        Operation.of(
            "DescribeOrderableReplicationInstances",
            "Lists instance classes that may be named.",
            InputShape.of("MaxRecords:integer Marker"),
            this::orderable),
        Operation.of(
            "DescribeEngineVersions",
            "Lists the one engine version, whose formats this service follows.",
            InputShape.of("MaxRecords:integer Marker"),
            this::versions),
        Operation.of(
            "DescribePendingMaintenanceActions",
            "Lists nothing: there is no maintenance.",
            InputShape.of("ReplicationInstanceArn", Listing.INPUT),
            input -> {
              String arn = input.text("ReplicationInstanceArn");
              if (arn != null) {
                Instances.require(registry, arn);
              }
              ObjectNode answer = Json.object();
              answer.putArray("PendingMaintenanceActions");
              return answer;
            }));
  }

  private ObjectNode attributes(Input input) {
    ObjectNode answer = Json.object();
    ArrayNode quotas = answer.putArray("AccountQuotas");
    quota(quotas, "ReplicationInstances", registry.count(Kind.INSTANCE), 60);
    quota(quotas, "ReplicationSubnetGroups", registry.count(Kind.SUBNET_GROUP), 60);
    quota(quotas, "Endpoints", registry.count(Kind.ENDPOINT), 1_000);
    quota(quotas, "ReplicationTasks", registry.count(Kind.TASK), 600);
    quota(quotas, "Certificates", registry.count(Kind.CERTIFICATE), 100);
    answer.put("UniqueAccountIdentifier", "dynapipe" + account.id());
    return answer;
  }

  private static void quota(ArrayNode quotas, String name, int used, int max) {
    quotas.addObject().put("AccountQuotaName", name).put("Used", used).put("Max", max);
  }

  private ObjectNode orderable(Input input) {
    return new Listing<String>(input, name -> name)
        .answer(
            "OrderableReplicationInstances",
            CLASSES.stream().sorted().toList(),
            name -> {
              ObjectNode shown = Json.object();
              shown.put("EngineVersion", ENGINE_VERSION);
              shown.put("ReplicationInstanceClass", name);
              shown.put("StorageType", "gp2");
              shown.put("MinAllocatedStorage", 5);
              shown.put("MaxAllocatedStorage", 6_144);
              shown.put("DefaultAllocatedStorage", 50);
              shown.put("IncludedAllocatedStorage", 50);
              shown.putArray("AvailabilityZones").add(account.region() + "a");
              return shown;
            });
  }

  private ObjectNode versions(Input input) {
    return new Listing<String>(input, name -> name)
        .answer(
            "EngineVersions",
            List.of(ENGINE_VERSION),
            name -> {
              ObjectNode shown = Json.object();
              shown.put("Version", name);
              shown.put("Lifecycle", "available");
              shown.put("ReleaseStatus", "prod");
              shown.putArray("AvailableUpgrades");
              return shown;
            });
  }
}
