#!/usr/bin/env bash
# The walkthrough with the aws command line: from nothing to a replicated table, and back to nothing.
# Called with the service's URL and the source's port. Needs aws and jq; ends with 1 where an answer is not as expected.
set -euo pipefail

endpoint_url=$1
source_port=$2
account=arn:aws:kinesis:us-east-1:000000000000:stream
role=arn:aws:iam::000000000000:role/any

expect() { # what, wanted, actual
  [[ $2 == "$3" ]] || { echo "$1: '$3', not '$2'" >&2; exit 1; }
}

until_is() { # what, wanted, command...
  local what=$1 wanted=$2 actual=
  shift 2
  for ((i = 0; i < 60; i++)); do
    actual=$("$@")
    [[ $actual == "$wanted" ]] && return
    sleep 0.3
  done
  echo "$what: '$actual', not '$wanted'" >&2
  exit 1
}

task() { aws dms describe-replication-tasks --endpoint-url "$endpoint_url" \
    --filters Name=replication-task-arn,Values="$task_arn" --query "ReplicationTasks[0].$1" --output text; }
loaded() { aws dms describe-table-statistics --endpoint-url "$endpoint_url" \
    --replication-task-arn "$task_arn" --query 'TableStatistics[0].FullLoadRows' --output text; }
replication() { aws dms describe-replications --endpoint-url "$endpoint_url" \
    --filters Name=replication-config-arn,Values="$config_arn" --query "Replications[0].$1" --output text; }

# --- from nothing
instance_arn=$(aws dms create-replication-instance --endpoint-url "$endpoint_url" \
  --replication-instance-identifier by-hand --replication-instance-class dms.t3.micro \
  --query ReplicationInstance.ReplicationInstanceArn --output text)
aws dms describe-replication-instances --endpoint-url "$endpoint_url" |
  jq -e '.ReplicationInstances[] | select(.ReplicationInstanceIdentifier == "by-hand").ReplicationInstanceStatus' >/dev/null
source_arn=$(aws dms create-endpoint --endpoint-url "$endpoint_url" --endpoint-identifier cli-source \
  --endpoint-type source --engine-name postgres --server-name 127.0.0.1 --port "$source_port" \
  --username postgres --password secret --database-name source --query Endpoint.EndpointArn --output text)
target_arn=$(aws dms create-endpoint --endpoint-url "$endpoint_url" --endpoint-identifier cli-target \
  --endpoint-type target --engine-name kinesis \
  --kinesis-settings "StreamArn=$account/by-hand,ServiceAccessRoleArn=$role" \
  --query Endpoint.EndpointArn --output text)
aws dms describe-endpoints --endpoint-url "$endpoint_url" |
  jq -e '[.Endpoints[] | select(.EndpointIdentifier | startswith("cli-"))] | length == 2' >/dev/null
for arn in "$source_arn" "$target_arn"; do
  aws dms test-connection --endpoint-url "$endpoint_url" \
    --replication-instance-arn "$instance_arn" --endpoint-arn "$arn" >/dev/null
done
aws dms wait test-connection-succeeds --endpoint-url "$endpoint_url" \
  --filters Name=endpoint-arn,Values="$source_arn,$target_arn"
expect connections "successful	successful" "$(aws dms describe-connections --endpoint-url "$endpoint_url" \
  --filters Name=endpoint-arn,Values="$source_arn,$target_arn" --query 'Connections[].Status' --output text)"

mappings='{"rules":[{"rule-type":"selection","rule-id":"1","rule-name":"1","rule-action":"include",
  "object-locator":{"schema-name":"public","table-name":"foo"}}]}'
task_arn=$(aws dms create-replication-task --endpoint-url "$endpoint_url" --replication-task-identifier by-hand \
  --migration-type full-load-and-cdc --source-endpoint-arn "$source_arn" --target-endpoint-arn "$target_arn" \
  --replication-instance-arn "$instance_arn" --table-mappings "$mappings" \
  --query ReplicationTask.ReplicationTaskArn --output text)
aws dms wait replication-task-ready --endpoint-url "$endpoint_url" \
  --filters Name=replication-task-arn,Values="$task_arn"

# --- start, stop, resume, reload
start() { aws dms start-replication-task --endpoint-url "$endpoint_url" --replication-task-arn "$task_arn" \
    --start-replication-task-type "$1" --query ReplicationTask.Status --output text; }
stop() {
  expect stop stopping "$(aws dms stop-replication-task --endpoint-url "$endpoint_url" \
    --replication-task-arn "$task_arn" --query ReplicationTask.Status --output text)"
  until_is status stopped task Status
}
expect start starting "$(start start-replication)"
until_is status running task Status
until_is "loaded rows" 1000 loaded
shown=$(aws dms describe-replication-tasks --endpoint-url "$endpoint_url" \
  --filters Name=replication-task-id,Values=by-hand | jq -c '.ReplicationTasks[] |
  [.ReplicationTaskIdentifier, .ReplicationTaskArn, .MigrationType, .StartReplicationType, .Status, .StopReason,
   .FailureMessages, .ProvisionData]')
expect task "[\"by-hand\",\"$task_arn\",\"full-load-and-cdc\",null,\"running\",null,null,null]" "$shown"
stop
expect reason "Stop Reason NORMAL" "$(task StopReason)"
expect resume starting "$(start resume-processing)"
until_is status running task Status
stop
expect reload starting "$(start reload-target)"
until_is "loaded rows" 1000 loaded

# --- logs
group=dms-tasks-by-hand
stream=dms-task-${task_arn##*:}
expect "log group" "$group" "$(aws logs describe-log-groups --endpoint-url "$endpoint_url" \
  --log-group-name-prefix "$group" --query 'logGroups[].logGroupName' --output text)"
aws logs get-log-events --endpoint-url "$endpoint_url" --log-group-name "$group" --log-stream-name "$stream" \
  --start-from-head | jq -e '.events | map(.message) | any(test("Start loading table"))' >/dev/null
tail_output=$(mktemp)
AWS_DISABLE_HOST_PREFIX_INJECTION=true PYTHONUNBUFFERED=1 timeout 60 aws logs start-live-tail \
  --endpoint-url "$endpoint_url" \
  --log-group-identifiers "arn:aws:logs:us-east-1:000000000000:log-group:$group" >"$tail_output" &
tail_pid=$!
trap 'kill "$tail_pid" 2>/dev/null || true; rm -f "$tail_output"' EXIT
sleep 3
stop
for ((i = 0; i < 300; i++)); do
  grep -q "TASK_MANAGER" "$tail_output" && break
  sleep 0.2
done
grep -q "TASK_MANAGER" "$tail_output" || { echo "the live tail shows nothing" >&2; exit 1; }

# --- the stream
expect streams by-hand "$(aws kinesis list-streams --endpoint-url "$endpoint_url" \
  --query 'StreamNames[?@==`by-hand`]' --output text)"
aws kinesis describe-stream-summary --endpoint-url "$endpoint_url" --stream-name by-hand |
  jq -e '.StreamDescriptionSummary.OpenShardCount == 1' >/dev/null
shard=$(aws kinesis list-shards --endpoint-url "$endpoint_url" --stream-name by-hand \
  --query 'Shards[0].ShardId' --output text)
iterator=$(aws kinesis get-shard-iterator --endpoint-url "$endpoint_url" --stream-name by-hand --shard-id "$shard" \
  --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
aws kinesis get-records --endpoint-url "$endpoint_url" --shard-iterator "$iterator" --limit 5 |
  jq -e '.Records | length == 5 and (map(.Data | @base64d | fromjson | .metadata."record-type") |
    all(. == "control" or . == "data"))' >/dev/null

# --- serverless
config_arn=$(aws dms create-replication-config --endpoint-url "$endpoint_url" \
  --replication-config-identifier by-hand --source-endpoint-arn "$source_arn" --target-endpoint-arn "$target_arn" \
  --replication-type full-load-and-cdc --compute-config MaxCapacityUnits=1 --table-mappings "$mappings" \
  --query ReplicationConfig.ReplicationConfigArn --output text)
aws dms start-replication --endpoint-url "$endpoint_url" --replication-config-arn "$config_arn" \
  --start-replication-type start-replication >/dev/null
until_is replication running replication Status
expect "start type" start-replication "$(replication StartReplicationType)"
expect "capacity" 1 "$(replication ProvisionData.ProvisionedCapacityUnits)"
aws dms describe-replication-table-statistics --endpoint-url "$endpoint_url" --replication-config-arn "$config_arn" |
  jq -e '.ReplicationTableStatistics | length == 1' >/dev/null
aws dms stop-replication --endpoint-url "$endpoint_url" --replication-config-arn "$config_arn" >/dev/null
until_is replication stopped replication Status

# --- back to nothing
aws dms delete-replication-config --endpoint-url "$endpoint_url" --replication-config-arn "$config_arn" >/dev/null
aws dms delete-replication-task --endpoint-url "$endpoint_url" --replication-task-arn "$task_arn" >/dev/null
gone() { aws dms "$@" --endpoint-url "$endpoint_url" 2>&1 | grep -o ResourceNotFoundFault | head -1 || true; }
until_is "deleted task" ResourceNotFoundFault \
  gone describe-replication-tasks --filters Name=replication-task-arn,Values="$task_arn"
until_is "deleted replication" ResourceNotFoundFault \
  gone describe-replications --filters Name=replication-config-arn,Values="$config_arn"
for arn in "$source_arn" "$target_arn"; do
  aws dms delete-endpoint --endpoint-url "$endpoint_url" --endpoint-arn "$arn" >/dev/null
done
aws dms delete-replication-instance --endpoint-url "$endpoint_url" --replication-instance-arn "$instance_arn" >/dev/null
echo done
