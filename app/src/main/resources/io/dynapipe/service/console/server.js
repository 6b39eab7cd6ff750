// What the page asks of the service. The token proves that a request comes from this page.

let token = "";

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Dynapipe-Token": token },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const result = text ? JSON.parse(text) : {};
  if (!answer.ok) {
    throw new Error(result.message ?? `The service answered ${answer.status}.`);
  }
  return result;
}

/** An operation of the DMS API. */
export function call(operation, input) {
  return send(`console/api/${operation}`, input);
}

export function retry(id) {
  return send("console/quarantine/retry", { id });
}

export function drop(id) {
  return send("console/quarantine/drop", { id });
}

export async function quarantine() {
  return (await fetch("console/quarantine")).json();
}

/** Follows the service; a connection that breaks comes back by itself. */
export function follow(task, handlers) {
  const events = new EventSource(`console/events?task=${encodeURIComponent(task)}`);
  for (const [name, handler] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => handler(event.data ? JSON.parse(event.data) : null));
  }
  events.addEventListener("hello", (event) => {
    token = JSON.parse(event.data).token;
  });
  return events;
}
