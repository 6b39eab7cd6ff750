"""Walks the models: each operation of DMS, Logs and Kinesis is called, and each answer is compared with its shape.

Called with the service's port and the source's port. botocore drops what it does not know, so the raw answer is looked at. An
operation may refuse, with a fault; it must not be unknown, nor meet a defect.
"""

import datetime
import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PORT = sys.argv[1]
problems = []
raw = {}


def client(name):
    made = boto3.client(
        name,
        endpoint_url=f"http://localhost:{PORT}",
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(inject_host_prefix=False, parameter_validation=False, retries={"total_max_attempts": 1}),
    )
    made.meta.events.register(f"before-parse.{name}", keep)
    return made


def keep(response_dict, **_):
    raw["body"], raw["status"] = response_dict["body"], response_dict["status_code"]


def check(shape, value, path):
    if value is None:
        problems.append(f"{path}: null")
    elif shape.type_name == "structure":
        if not isinstance(value, dict):
            problems.append(f"{path}: no structure")
            return
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        for key, item in value.items():
            if key in names:
                check(shape.members[names[key]], item, f"{path}.{key}")
            else:
                problems.append(f"{path}.{key}: not in the model")
        for name in shape.required_members:
            if name not in value:
                problems.append(f"{path}.{name}: required, and absent")
    elif shape.type_name == "list":
        for item in value:
            check(shape.member, item, f"{path}[]")
    elif shape.type_name == "map":
        for item in value.values():
            check(shape.value, item, f"{path}{{}}")
    else:
        kinds = {
            "string": str,
            "integer": int,
            "long": int,
            "boolean": bool,
            "double": (int, float),
            "timestamp": (int, float),
            "blob": str,
        }
        if not isinstance(value, kinds[shape.type_name]) or (
            isinstance(value, bool) and shape.type_name != "boolean"
        ):
            problems.append(f"{path}: {value!r} is no {shape.type_name}")
        enum = getattr(shape, "enum", None)
        # The model of events knows instances alone, the documentation tasks, too.
        if enum and value not in enum and not path.endswith(".SourceType"):
            problems.append(f"{path}: {value!r} is not one of {enum}")


KNOWN = {}


def sample(shape, name):
    """A value that fits: of what is there, where the name tells."""
    if name in KNOWN:
        return KNOWN[name]
    if shape.type_name == "structure":
        return {member: sample(shape.members[member], member) for member in shape.required_members}
    if shape.type_name == "list":
        return [sample(shape.member, name)]
    if shape.type_name == "map":
        return {}
    if shape.type_name == "string":
        return shape.enum[0] if getattr(shape, "enum", None) else "none"
    return {
        "integer": 20,
        "long": 20,
        "boolean": True,
        "double": 1.0,
        "blob": b"x",
        "timestamp": datetime.datetime(2026, 1, 1),
    }[shape.type_name]


def call(api, operation, arguments):
    method = getattr(api, boto3_name(api, operation))
    try:
        method(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if code == "UnknownOperationException" or status >= 500:
            problems.append(f"{operation}: {code} ({status})")
        modelled = {shape.name for shape in api.meta.service_model.operation_model(operation).error_shapes}
        return code, modelled
    check(api.meta.service_model.operation_model(operation).output_shape, json.loads(raw["body"] or b"{}"), operation)
    return "ok", set()


def boto3_name(api, operation):
    return next(name for name, full in api.meta.method_to_api_mapping.items() if full == operation)


def sweep(name, skipped=()):
    api = client(name)
    answered = 0
    for operation in api.meta.service_model.operation_names:
        if operation in skipped or api.meta.service_model.operation_model(operation).has_event_stream_output:
            continue
        shape = api.meta.service_model.operation_model(operation).input_shape
        arguments = {member: sample(shape.members[member], member) for member in (shape.required_members if shape else [])}
        if call(api, operation, arguments)[0] == "ok":
            answered += 1
    return answered


def statuses(dms):
    """Of the tasks and replications that this walk has made."""
    made = {}
    for describe, answer, name in [
        (dms.describe_replication_tasks, "ReplicationTasks", "ReplicationTaskIdentifier"),
        (dms.describe_replications, "Replications", "ReplicationConfigIdentifier"),
    ]:
        for item in describe()[answer]:
            if item[name] in ("shapes", "more"):
                made[item[name], answer] = item["Status"]
    return made


def until(condition, what):
    deadline = time.monotonic() + 120
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"in vain waited for: {what}")
        time.sleep(0.2)


def fill_stream(dms, **settings):
    """A load: the stream is there afterwards, however soon the walk stops what it starts."""
    for name in ("SourceEndpointArn", "TargetEndpointArn"):
        dms.test_connection(
            ReplicationInstanceArn=settings["ReplicationInstanceArn"], EndpointArn=settings[name]
        )
    tested = [{"Name": "endpoint-arn", "Values": [settings["SourceEndpointArn"], settings["TargetEndpointArn"]]}]
    until(
        lambda: [c["Status"] for c in dms.describe_connections(Filters=tested)["Connections"]] == ["successful"] * 2,
        "connections",
    )
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="more", MigrationType="full-load", **settings
    )["ReplicationTask"]["ReplicationTaskArn"]
    dms.start_replication_task(ReplicationTaskArn=task, StartReplicationTaskType="start-replication")
    until(lambda: statuses(dms)["more", "ReplicationTasks"] == "stopped", "the end of a load")
    dms.delete_replication_task(ReplicationTaskArn=task)
    until(lambda: ("more", "ReplicationTasks") not in statuses(dms), "the end of its task")


def main():
    dms = client("dms")
    instance = dms.describe_replication_instances()["ReplicationInstances"][0]["ReplicationInstanceArn"]
    source = dms.create_endpoint(
        EndpointIdentifier="shape-source", EndpointType="source", EngineName="postgres", ServerName="127.0.0.1",
        Port=int(sys.argv[2]), Username="postgres", Password="x", DatabaseName="source",
    )["Endpoint"]["EndpointArn"]
    target = dms.create_endpoint(
        EndpointIdentifier="shape-target", EndpointType="target", EngineName="kinesis",
        KinesisSettings={
            "StreamArn": "arn:aws:kinesis:us-east-1:000000000000:stream/shapes",
            "ServiceAccessRoleArn": "arn:aws:iam::000000000000:role/any",
        },
    )["Endpoint"]["EndpointArn"]
    mappings = json.dumps({"rules": [{
        "rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
        "object-locator": {"schema-name": "public", "table-name": "foo"},
    }]})
    fill_stream(dms, SourceEndpointArn=source, TargetEndpointArn=target, ReplicationInstanceArn=instance, TableMappings=mappings)
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="shapes", SourceEndpointArn=source, TargetEndpointArn=target,
        ReplicationInstanceArn=instance, MigrationType="full-load-and-cdc", TableMappings=mappings,
    )["ReplicationTask"]["ReplicationTaskArn"]
    config = dms.create_replication_config(
        ReplicationConfigIdentifier="shapes", SourceEndpointArn=source, TargetEndpointArn=target,
        ReplicationType="cdc", ComputeConfig={"MaxCapacityUnits": 1}, TableMappings=mappings,
    )["ReplicationConfig"]["ReplicationConfigArn"]
    group = dms.create_replication_subnet_group(
        ReplicationSubnetGroupIdentifier="shapes", ReplicationSubnetGroupDescription="x", SubnetIds=["subnet-1"]
    )["ReplicationSubnetGroup"]["ReplicationSubnetGroupIdentifier"]
    KNOWN.update(
        ReplicationInstanceArn=instance, EndpointArn=source, SourceEndpointArn=source, TargetEndpointArn=target,
        ReplicationTaskArn=task, ReplicationConfigArn=config, ResourceArn=task, ResourceArnList=[task],
        TableMappings=mappings, MigrationType="full-load", ReplicationType="full-load", EngineName="postgres",
        EndpointType="source", ReplicationInstanceClass="dms.t3.micro", ReplicationInstanceIdentifier="more",
        ReplicationTaskIdentifier="more", ReplicationConfigIdentifier="more", ReplicationSubnetGroupIdentifier=group,
        ComputeConfig={"MaxCapacityUnits": 1}, TagKeys=["k"], Tags=[{"Key": "k", "Value": "v"}],
        StartReplicationTaskType="start-replication", StartReplicationType="start-replication",
        TargetReplicationInstanceArn=instance,
    )
    deletions = [name for name in dms.meta.service_model.operation_names if name.startswith("Delete")]
    answered = sweep("dms", skipped=deletions)
    # What runs cannot be deleted, and would leave its slot to the tests that follow.
    resting = {"created", "ready", "stopped", "failed"}
    until(lambda: set(statuses(dms).values()) <= resting, f"an end of what was started: {statuses(dms)}")
    for operation in ["DeleteReplicationTask", "DeleteReplicationConfig", "DeleteConnection", *deletions]:
        shape = dms.meta.service_model.operation_model(operation).input_shape
        call(dms, operation, {member: sample(shape.members[member], member) for member in shape.required_members})
    until(lambda: not {("shapes", "ReplicationTasks"), ("shapes", "Replications")} & set(statuses(dms)), "deletions")
    KNOWN.clear()
    kinesis = client("kinesis")
    shard = kinesis.list_shards(StreamName="shapes")["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="shapes", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    for operation, arguments in [
        ("ListStreams", {}),
        ("DescribeStream", {"StreamName": "shapes"}),
        ("DescribeStreamSummary", {"StreamName": "shapes"}),
        ("ListShards", {"StreamName": "shapes"}),
        ("GetRecords", {"ShardIterator": iterator["ShardIterator"]}),
    ]:
        if call(kinesis, operation, arguments)[0] != "ok":
            problems.append(f"{operation}: refused")
    logs = client("logs")
    call(logs, "DescribeLogGroups", {})
    for log_group in logs.describe_log_groups()["logGroups"]:
        name = {"logGroupName": log_group["logGroupName"]}
        call(logs, "DescribeLogStreams", name)
        call(logs, "FilterLogEvents", name)
    if problems:
        sys.exit("\n".join(sorted(set(problems))))
    print(f"done: {answered} operations of DMS answered")


main()
