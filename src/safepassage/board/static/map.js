"use strict";
// Makes the map larger and moves it; what it shows comes from the room.
const chart = document.getElementById("chart");
let view = null;

function whole() {
  const [x, y, wide, high] = chart.querySelector("svg").dataset.all.split(" ").map(Number);
  return { x, y, wide, high };
}

function apply() {
  const svg = chart.querySelector("svg");
  svg.dataset.all = svg.dataset.all || svg.getAttribute("viewBox");
  if (view) svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.wide} ${view.high}`);
}

function look(factor, across, down) {
  const all = whole();
  const now = view || all;
  const wide = Math.min(all.wide, Math.max(all.wide / 8, now.wide * factor));
  const high = (wide * all.high) / all.wide;
  const between = (low, value, most) => Math.min(most, Math.max(low, value));
  view = {
    wide, high,
    x: between(all.x, now.x + (now.wide - wide) / 2 + across * wide, all.x + all.wide - wide),
    y: between(all.y, now.y + (now.high - high) / 2 + down * high, all.y + all.high - high),
  };
  apply();
}

const WAYS = { "+": [0.7, 0, 0], "=": [0.7, 0, 0], "-": [1 / 0.7, 0, 0], "0": [99, 0, 0],
  ArrowLeft: [1, -0.2, 0], ArrowRight: [1, 0.2, 0], ArrowUp: [1, 0, -0.2], ArrowDown: [1, 0, 0.2] };
chart.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  look(...way);
  event.preventDefault();
});
for (const one of document.querySelectorAll("[data-zoom]")) {
  one.addEventListener("click", () => { look(...WAYS[{ in: "+", out: "-", all: "0" }[one.dataset.zoom]]); chart.focus(); });
}
// The room sends the map anew: it is looked at as before.
new MutationObserver(apply).observe(chart, { childList: true });
apply();
