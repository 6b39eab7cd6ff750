// Endpoints, and tests of them.

import { byId, element, reconcile, setText } from "./dom.js";
import { call } from "./server.js";

export function showEndpoints(state, act) {
  reconcile(
    byId("endpoints"),
    state.endpoints,
    (endpoint) => endpoint.arn,
    (endpoint) =>
      element(
        "li",
        { class: "card" },
        element("strong", {}, endpoint.name),
        element("span", {}, `${endpoint.type}: ${endpoint.where}`),
        element("p", { class: "tested" }),
        element(
          "div",
          { class: "actions" },
          element(
            "button",
            { type: "button", onclick: (event) => act(event.target, () => test(state, endpoint)) },
            "Test",
          ),
        ),
      ),
    (card, endpoint) => {
      const tested = card.querySelector(".tested");
      setText(tested, endpoint.failure || endpoint.tested || "not tested");
      tested.className = `tested ${endpoint.tested === "successful" ? "good" : endpoint.failure ? "bad" : "soft"}`;
    },
  );
}

function test(state, endpoint) {
  return call("TestConnection", { ReplicationInstanceArn: state.instance, EndpointArn: endpoint.arn });
}
