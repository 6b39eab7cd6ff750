// Tasks, and the one that is chosen.

import { chart } from "./charts.js";
import { byId, element, number, reconcile, setText } from "./dom.js";
import { call } from "./server.js";

const RESTING = ["ready", "created", "stopped", "failed"];

export function showTasks(state, select) {
  byId("no-tasks").hidden = state.tasks.length > 0;
  reconcile(
    byId("tasks"),
    state.tasks,
    (task) => task.arn,
    (task) => {
      const button = element(
        "button",
        { class: "card", type: "button", onclick: () => select(task.arn) },
        element("strong", {}, task.name),
        element("span", { class: "status" }),
        element("small", {}),
        element("progress", { max: "100", "aria-label": `Full load of ${task.name}` }),
      );
      return element("li", {}, button);
    },
    (item, task) => {
      const card = item.firstChild;
      card.setAttribute("aria-pressed", String(task.arn === state.selected));
      const [, status, about, progress] = card.children;
      setText(status, task.status);
      status.className = `status ${task.status === "failed" ? "bad" : task.status === "running" ? "good" : ""}`;
      setText(about, ` ${task.type}, ${task.tablesLoaded} of ${task.tables} tables loaded`);
      progress.value = task.progress;
    },
  );
}

export function showTask(state, act) {
  const task = state.tasks.find((one) => one.arn === state.selected);
  byId("task").hidden = !task;
  if (!task) {
    return;
  }
  setText(byId("task-title"), `${task.name}: ${task.status}`);
  setText(
    byId("task-about"),
    [task.type, task.source && `from ${task.source}`, task.stream && `by stream ${task.stream}`, task.stopReason]
      .filter(Boolean)
      .join(", "),
  );
  byId("task-failure").hidden = !task.failure;
  setText(byId("task-failure"), task.failure ?? "");
  showActions(task, act);
  showTables(task, state.tables, act);
  chart(byId("chart-rates"), state.samples, [
    { label: "captured", value: (sample) => sample.captured },
    { label: "applied", value: (sample) => sample.applied },
  ]);
  chart(byId("chart-latency"), state.samples, [
    { label: "source", value: (sample) => sample.latencySource },
    { label: "target", value: (sample) => sample.latencyTarget },
  ]);
  chart(byId("chart-waiting"), state.samples, [{ label: "waiting", value: (sample) => sample.waiting }]);
}

function showActions(task, act) {
  const resting = RESTING.includes(task.status);
  const actions = [
    ["Start", "start-replication", resting && !task.hasRun],
    ["Resume", "resume-processing", resting && task.hasRun],
    ["Reload target", "reload-target", resting && task.hasRun && task.type !== "cdc"],
    ["Stop", "stop", task.status === "running" || task.status === "starting"],
  ];
  reconcile(
    byId("task-actions"),
    actions,
    ([, how]) => `${task.arn} ${how}`,
    ([label, how]) =>
      element(
        "button",
        { type: "button", "data-action": how, onclick: (event) => act(event.target, () => change(task, how)) },
        label,
      ),
    (button, [, , possible]) => {
      button.disabled = !possible;
    },
  );
}

function change(task, how) {
  if (how === "stop") {
    return task.serverless
      ? call("StopReplication", { ReplicationConfigArn: task.arn })
      : call("StopReplicationTask", { ReplicationTaskArn: task.arn });
  }
  return task.serverless
    ? call("StartReplication", { ReplicationConfigArn: task.arn, StartReplicationType: how })
    : call("StartReplicationTask", { ReplicationTaskArn: task.arn, StartReplicationTaskType: how });
}

function reload(task, table) {
  const tables = [{ SchemaName: table.schema, TableName: table.name }];
  return task.serverless
    ? call("ReloadReplicationTables", { ReplicationConfigArn: task.arn, TablesToReload: tables })
    : call("ReloadTables", { ReplicationTaskArn: task.arn, TablesToReload: tables });
}

function showTables(task, tables, act) {
  reconcile(
    byId("tables").tBodies[0],
    tables,
    (table) => `${table.schema}.${table.name}`,
    (table) => {
      const cells = Array.from({ length: 8 }, () => element("td", {}));
      const again = element(
        "button",
        { type: "button", onclick: (event) => act(event.target, () => reload(task, table)) },
        "Reload",
      );
      again.setAttribute("aria-label", `Reload ${table.schema}.${table.name}`);
      return element("tr", {}, ...cells, element("td", {}, again));
    },
    (row, table) => {
      const texts = [
        `${table.schema}.${table.name}`,
        table.state,
        pair(table.loaded, table.read),
        pair(table.appliedInserts, table.inserts),
        pair(table.appliedUpdates, table.updates),
        pair(table.appliedDeletes, table.deletes),
        pair(table.appliedDdls, table.ddls),
        number(table.quarantined),
      ];
      texts.forEach((text, index) => setText(row.cells[index], text));
      row.cells[8].firstChild.disabled = task.status !== "running";
    },
  );
}

/** Applied of captured; one number when they are the same. */
function pair(applied, captured) {
  return applied === captured ? number(applied) : `${number(applied)} of ${number(captured)}`;
}
