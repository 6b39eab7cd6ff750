// Records that could not be applied.

import { byId, element, reconcile, setText } from "./dom.js";
import { drop, retry } from "./server.js";

export function showQuarantine(answer, act, refresh) {
  const entries = answer.entries ?? [];
  setText(byId("quarantine-about"), about(answer, entries));
  reconcile(
    byId("quarantine"),
    entries,
    (entry) => entry.id,
    (entry) =>
      element(
        "li",
        { class: "card" },
        element("strong", {}, `${entry.table || "unreadable record"} ${entry.key}`),
        element("span", { class: "bad reason" }, entry.reason),
        element("details", {}, element("summary", {}, "Record"), element("pre", { tabindex: "0" }, pretty(entry.event))),
        element("small", {}, `${entry.operation}, ${entry.shard} ${entry.sequenceNumber}, ${entry.since}`),
        element(
          "div",
          { class: "actions" },
          element(
            "button",
            {
              type: "button",
              "data-action": "retry",
              onclick: (event) => act(event.target, () => settle(retry(entry.id), refresh)),
            },
            "Retry",
          ),
          element(
            "button",
            {
              type: "button",
              "data-action": "drop",
              onclick: (event) => {
                if (confirm("Drop this record? It will never be applied.")) {
                  act(event.target, () => settle(drop(entry.id), refresh));
                }
              },
            },
            "Drop",
          ),
        ),
      ),
    (card, entry) => setText(card.querySelector(".reason"), entry.reason),
  );
}

async function settle(work, refresh) {
  try {
    const result = await work;
    if (result.left) {
      throw new Error(`${result.applied} applied; ${result.left} stay in quarantine: ${result.reason}`);
    }
  } finally {
    await refresh();
  }
}

function about(answer, entries) {
  if (answer.message) {
    return answer.message;
  }
  if (!entries.length) {
    return "Nothing is in quarantine.";
  }
  return answer.more
    ? `The first ${entries.length} records are shown.`
    : "These records could not be applied. Later rows of their keys wait behind them.";
}

function pretty(event) {
  try {
    return JSON.stringify(JSON.parse(event), null, 2);
  } catch {
    return event;
  }
}
