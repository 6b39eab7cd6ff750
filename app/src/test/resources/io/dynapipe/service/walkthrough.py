"""The life of a task and of a serverless replication, as boto3 sees it.

Called with the service's port and the source's port. Ends with a message and exit code 1 when an
answer is not as expected. Its waiters' delays are shortened, their conditions are boto3's own.
"""

import json
import sys
import time

import boto3
from botocore.config import Config

PORT, SOURCE_PORT = sys.argv[1], int(sys.argv[2])
CONNECTION = {
    "endpoint_url": f"http://localhost:{PORT}",
    "region_name": "us-east-1",
    "aws_access_key_id": "any",
    "aws_secret_access_key": "any",
}
DMS = boto3.client("dms", **CONNECTION)
LOGS = boto3.client("logs", config=Config(inject_host_prefix=False), **CONNECTION)
QUICK = {"Delay": 1, "MaxAttempts": 120}
STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/walkthrough"
MAPPINGS = json.dumps(
    {
        "rules": [
            {
                "rule-type": "selection",
                "rule-id": "1",
                "rule-name": "all",
                "rule-action": "include",
                "object-locator": {"schema-name": "public", "table-name": "%"},
            }
        ]
    }
)


def expect(actual, wanted, what):
    if actual != wanted:
        sys.exit(f"{what}: {actual!r}, not {wanted!r}")


def wait(waiter, name, value):
    DMS.get_waiter(waiter).wait(Filters=[{"Name": name, "Values": [value]}], WaiterConfig=QUICK)


def until(condition, what):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    sys.exit(f"in vain waited for: {what}")


def refused(call, fault):
    try:
        call()
    except DMS.exceptions.ClientError as error:
        expect(error.response["Error"]["Code"], fault, "fault")
        return
    sys.exit(f"no {fault}")


def make_endpoints():
    source = DMS.create_endpoint(
        EndpointIdentifier="walk-source",
        EndpointType="source",
        EngineName="postgres",
        ServerName="127.0.0.1",
        Port=SOURCE_PORT,
        Username="postgres",
        Password="not-shown",
        DatabaseName="source",
    )["Endpoint"]
    if "not-shown" in json.dumps(source):
        sys.exit("the password is shown")
    target = DMS.create_endpoint(
        EndpointIdentifier="walk-target",
        EndpointType="target",
        EngineName="kinesis",
        KinesisSettings={
            "StreamArn": STREAM,
            "ServiceAccessRoleArn": "arn:aws:iam::000000000000:role/any",
        },
    )["Endpoint"]
    return source["EndpointArn"], target["EndpointArn"]


def statistics(task):
    tables = DMS.describe_table_statistics(ReplicationTaskArn=task)["TableStatistics"]
    return {table["TableName"]: table for table in tables}


def describe(task):
    tasks = DMS.describe_replication_tasks(
        Filters=[{"Name": "replication-task-arn", "Values": [task]}]
    )
    return tasks["ReplicationTasks"][0]


def start(task, how):
    answer = DMS.start_replication_task(ReplicationTaskArn=task, StartReplicationTaskType=how)
    expect(answer["ReplicationTask"]["Status"], "starting", how)
    wait("replication_task_running", "replication-task-arn", task)


def stop(task):
    answer = DMS.stop_replication_task(ReplicationTaskArn=task)
    expect(answer["ReplicationTask"]["Status"], "stopping", "stop")
    wait("replication_task_stopped", "replication-task-arn", task)
    expect(describe(task)["StopReason"], "Stop Reason NORMAL", "reason")


def live_a_task(instance, source, target):
    task = DMS.create_replication_task(
        ReplicationTaskIdentifier="walk",
        SourceEndpointArn=source,
        TargetEndpointArn=target,
        ReplicationInstanceArn=instance,
        MigrationType="full-load-and-cdc",
        TableMappings=MAPPINGS,
    )["ReplicationTask"]["ReplicationTaskArn"]
    wait("replication_task_ready", "replication-task-arn", task)
    assess(task)
    start(task, "start-replication")
    until(lambda: statistics(task)["foo"]["FullLoadRows"] == 1000, "full load")
    expect(statistics(task)["foo"]["TableState"], "Table completed", "state")
    expect(describe(task)["ReplicationTaskStats"]["FullLoadProgressPercent"], 100, "progress")
    again = dict(ReplicationTaskArn=task, StartReplicationTaskType="start-replication")
    refused(lambda: DMS.start_replication_task(**again), "InvalidResourceStateFault")
    refused(lambda: DMS.delete_replication_task(ReplicationTaskArn=task), "InvalidResourceStateFault")
    DMS.reload_tables(
        ReplicationTaskArn=task, TablesToReload=[{"SchemaName": "public", "TableName": "foo"}]
    )
    until(lambda: statistics(task)["foo"]["FullLoadReloaded"], "reload")
    until(lambda: statistics(task)["foo"]["FullLoadRows"] == 1000, "rows of the reload")
    stop(task)
    refused(lambda: DMS.start_replication_task(**again), "InvalidParameterCombinationException")
    start(task, "resume-processing")
    stop(task)
    start(task, "reload-target")
    until(lambda: statistics(task)["foo"]["FullLoadRows"] == 1000, "full load of the reload")
    return task


def read_logs(task):
    group = LOGS.describe_log_groups(logGroupNamePrefix="dms-tasks-dynapipe")["logGroups"][0]
    stream = "dms-task-" + task.rsplit(":", 1)[1]
    page = LOGS.get_log_events(
        logGroupName=group["logGroupName"], logStreamName=stream, startFromHead=True, limit=3
    )
    lines = page["events"]
    while True:
        following = LOGS.get_log_events(
            logGroupName=group["logGroupName"],
            logStreamName=stream,
            nextToken=page["nextForwardToken"],
            limit=3,
        )
        if following["nextForwardToken"] == page["nextForwardToken"]:
            break
        lines += following["events"]
        page = following
    whole = LOGS.get_log_events(
        logGroupName=group["logGroupName"], logStreamName=stream, startFromHead=True
    )
    expect(lines, whole["events"], "pages of the log")
    found = LOGS.filter_log_events(
        logGroupName=group["logGroupName"], filterPattern='"Start loading table" foo'
    )
    expect(len(found["events"]), 3, "lines about loads of foo")
    return group["logGroupArn"]


def follow_log(group, task):
    answer = LOGS.start_live_tail(logGroupIdentifiers=[group])
    stop(task)
    for event in answer["responseStream"]:
        if event.get("sessionUpdate", {}).get("sessionResults"):
            return


def live_a_replication(source, target):
    config = DMS.create_replication_config(
        ReplicationConfigIdentifier="serverless",
        SourceEndpointArn=source,
        TargetEndpointArn=target,
        ReplicationType="full-load",
        ComputeConfig={"MaxCapacityUnits": 2},
        TableMappings=MAPPINGS,
    )["ReplicationConfig"]["ReplicationConfigArn"]
    chosen = [{"Name": "replication-config-arn", "Values": [config]}]
    DMS.start_replication(ReplicationConfigArn=config, StartReplicationType="start-replication")

    def state():
        return DMS.describe_replications(Filters=chosen)["Replications"][0]

    until(lambda: state()["Status"] == "stopped", "the end of a full load")
    expect(state()["StopReason"], "Stop Reason FULL_LOAD_ONLY_FINISHED", "reason")
    tables = DMS.describe_replication_table_statistics(ReplicationConfigArn=config)
    rows = {t["TableName"]: t["FullLoadRows"] for t in tables["ReplicationTableStatistics"]}
    expect(rows["foo"], 1000, "rows")
    DMS.delete_replication_config(ReplicationConfigArn=config)


def assess(task):
    run = DMS.start_replication_task_assessment_run(
        ReplicationTaskArn=task,
        ServiceAccessRoleArn="arn:aws:iam::000000000000:role/any",
        ResultLocationBucket="none",
        AssessmentRunName="before",
    )["ReplicationTaskAssessmentRun"]["ReplicationTaskAssessmentRunArn"]
    chosen = [{"Name": "replication-task-assessment-run-arn", "Values": [run]}]

    def state():
        return DMS.describe_replication_task_assessment_runs(Filters=chosen)[
            "ReplicationTaskAssessmentRuns"
        ][0]

    until(lambda: state()["Status"] != "running", "the end of an assessment")
    expect(state()["Status"], "passed", state())
    checks = DMS.describe_replication_task_individual_assessments(Filters=chosen)[
        "ReplicationTaskIndividualAssessments"
    ]
    expect({check["Status"] for check in checks}, {"passed"}, "checks")
    expect("wal-level" in {check["IndividualAssessmentName"] for check in checks}, True, "names")
    expect(describe(task)["Status"], "ready", "status after an assessment")
    DMS.delete_replication_task_assessment_run(ReplicationTaskAssessmentRunArn=run)


def main():
    instance = DMS.describe_replication_instances()["ReplicationInstances"][0]
    instance = instance["ReplicationInstanceArn"]
    wait("replication_instance_available", "replication-instance-arn", instance)
    source, target = make_endpoints()
    for endpoint in (source, target):
        DMS.test_connection(ReplicationInstanceArn=instance, EndpointArn=endpoint)
        wait("test_connection_succeeds", "endpoint-arn", endpoint)
    task = live_a_task(instance, source, target)
    follow_log(read_logs(task), task)
    DMS.delete_replication_task(ReplicationTaskArn=task)
    wait("replication_task_deleted", "replication-task-arn", task)
    live_a_replication(source, target)
    for endpoint in (source, target):
        until(lambda: delete_endpoint(endpoint), "endpoint without replications")
        wait("endpoint_deleted", "endpoint-arn", endpoint)
    print("done")


def delete_endpoint(endpoint):
    try:
        DMS.delete_endpoint(EndpointArn=endpoint)
        return True
    except DMS.exceptions.InvalidResourceStateFault:
        return False


main()
