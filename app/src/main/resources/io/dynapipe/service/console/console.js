// The page: keeps what the service tells, and shows it.

import { byId, element, reconcile, setText } from "./dom.js";
import { showTask, showTasks } from "./tasks.js";
import { showQuarantine } from "./quarantine.js";
import { showEndpoints } from "./endpoints.js";
import * as server from "./server.js";

const LOG_LINES = 500;
const SAMPLES = 900;
const NOTICE_MILLIS = 15_000;

const state = { tasks: [], endpoints: [], selected: location.hash.slice(1), samples: [], tables: [], quarantined: -1 };
let events;
let noticeTimer;

/** Does what a button asks for, and tells what went wrong. */
async function act(button, work) {
  button.disabled = true;
  try {
    notice("");
    await work();
  } catch (problem) {
    notice(problem.message);
  } finally {
    button.disabled = false;
  }
}

function notice(text) {
  const place = byId("notice");
  setText(place, text);
  place.hidden = !text;
  clearTimeout(noticeTimer);
  if (text) {
    noticeTimer = setTimeout(() => notice(""), NOTICE_MILLIS);
  }
}

function select(arn) {
  state.selected = arn;
  history.replaceState(null, "", `#${arn}`);
  follow();
}

function onOverview(overview) {
  Object.assign(state, overview);
  if (!state.selected && state.tasks.length) {
    select(state.tasks[0].arn);
    return;
  }
  const health = byId("health");
  setText(health, overview.health.healthy ? "Healthy" : overview.health.reasons.join(" "));
  health.className = overview.health.healthy ? "good" : "bad";
  showTasks(state, select);
  showTask(state, act);
  showEndpoints(state, act);
}

async function onQuarantine(count) {
  if (state.quarantined !== count.revision) {
    state.quarantined = count.revision;
    await refreshQuarantine();
  }
}

async function refreshQuarantine() {
  showQuarantine(await server.quarantine(), act, refreshQuarantine);
}

function onLog(lines) {
  const log = byId("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 20;
  lines.forEach((line) => log.append(element("span", {}, `${line}\n`)));
  while (log.children.length > LOG_LINES) {
    log.firstChild.remove();
  }
  if (atEnd) {
    log.scrollTop = log.scrollHeight;
  }
}

function onSamples(samples) {
  state.samples = [...state.samples, ...samples].slice(-SAMPLES);
  showTask(state, act);
}

function onTables(tables) {
  state.tables = tables;
  showTask(state, act);
}

function follow() {
  events?.close();
  events = server.follow(state.selected, {
    hello: () => {
      state.samples = [];
      state.tables = [];
      byId("log").replaceChildren();
    },
    overview: onOverview,
    samples: onSamples,
    tables: onTables,
    log: onLog,
    quarantine: onQuarantine,
  });
  events.addEventListener("error", () => {
    const health = byId("health");
    setText(health, "The service does not answer. Trying again.");
    health.className = "bad";
  });
}

follow();
