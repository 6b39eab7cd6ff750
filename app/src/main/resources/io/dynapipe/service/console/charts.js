// Line charts over the last minutes, as SVG.

import { element, number } from "./dom.js";

const WIDTH = 600;
const HEIGHT = 160;
const MINUTES = 10;
const NAMESPACE = "http://www.w3.org/2000/svg";

function shape(name, attributes) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

/** The next of 1, 2, 5, 10, 20, ... so that the scale does not tremble. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? 1;
}

/**
 * @param series [{label, value(sample)}], two at most
 */
export function chart(target, samples, series) {
  const end = samples.length ? samples[samples.length - 1].time : Date.now();
  const start = end - MINUTES * 60_000;
  const shown = samples.filter((sample) => sample.time >= start);
  const most = ceiling(Math.max(0, ...shown.flatMap((s) => series.map((one) => one.value(s)))));
  const last = shown[shown.length - 1];
  const description = series.map((one) => `${one.label} ${last ? number(one.value(last)) : "-"}`).join(", ");
  const svg = shape("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": description,
  });
  for (const part of [0, 0.5, 1]) {
    svg.append(shape("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(part), y2: y(part) }));
  }
  series.forEach((one, index) => {
    const points = shown.map((s) => `${x(s.time)},${y(one.value(s) / most)}`).join(" ");
    svg.append(shape("polyline", { class: `line${index}`, points }));
  });
  const legend = element("div", { class: "legend" });
  series.forEach((one, index) => {
    legend.append(
      element("span", { class: `key${index}` }, "■ "),
      `${one.label} ${last ? number(one.value(last)) : "-"}  `,
    );
  });
  legend.append(element("span", { class: "soft" }, `(scale 0 to ${number(most)}, ${MINUTES} minutes)`));
  target.replaceChildren(svg, legend);

  function x(time) {
    return (((time - start) / (end - start)) * WIDTH).toFixed(1);
  }

  function y(part) {
    return (HEIGHT - 4 - part * (HEIGHT - 8)).toFixed(1);
  }
}
