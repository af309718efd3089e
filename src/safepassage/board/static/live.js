"use strict";
// Shows the frames of the room's stream and lets its clocks run. Nothing is decided here.
const main = document.querySelector("main[data-at]");
const band = document.querySelector(".mode");
let said = Date.parse(main.dataset.at);
// By a clock that nobody sets: a screen whose clock jumps must not take an old frame for a new one.
let heard = performance.now();
// And by one that goes on while a laptop sleeps.
let heardAt = Date.now();
let speed = 1;

const two = (number) => String(number).padStart(2, "0");
const span = (milliseconds) => {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const sign = milliseconds < 0 && minutes > 0 ? "\u2212" : "";
  return `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
};

function tick() {
  const now = said + (performance.now() - heard) * speed;
  for (const one of document.querySelectorAll("[data-tick]")) {
    const at = Date.parse(one.getAttribute("datetime"));
    let text = "";
    if (one.dataset.tick === "age") text = span(Math.max(0, now - at));
    else if (one.dataset.tick === "left") text = span(at - now);
    else {
      const zone = one.dataset.zone || "+0000";
      const shift = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))) * (zone[0] === "-" ? -1 : 1);
      const local = new Date(now + shift * 60000);
      text = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
    }
    if (one.textContent !== text) one.textContent = text;
  }
  if (main.dataset.stream) lost(Math.max(performance.now() - heard, Date.now() - heardAt) / 1000);
}

// A screen that hears nothing must not look as if it knew.
function lost(seconds) {
  let line = document.querySelector(".lost");
  // A go of a screen that hears nothing is struck out: it may be over.
  for (const one of document.querySelectorAll(".verdict.go, .then .yes")) {
    one.style.textDecoration = seconds < 15 ? "" : "line-through";
  }
  if (seconds < 15) {
    if (line) line.remove();
    return;
  }
  if (!line) {
    line = document.createElement("p");
    line.className = "lost";
    line.setAttribute("role", "alert");
    band.after(line);
  }
  line.textContent = `${main.dataset.lost} ${span(seconds * 1000)}`;
}

function show(frame) {
  const server = Date.parse(frame.at);
  const passed = performance.now() - heard;
  if (passed > 500) speed = Math.max(0, (server - said) / passed);
  said = server;
  heard = performance.now();
  heardAt = Date.now();
  for (const [id, html] of Object.entries(frame.tiles)) {
    const tile = document.getElementById(id);
    if (!tile) continue;
    const open = [...tile.querySelectorAll("details[open]")].map((one) => one.dataset.keep);
    tile.innerHTML = html;
    for (const one of tile.querySelectorAll("details")) one.open = open.includes(one.dataset.keep);
  }
  main.dataset.upto = frame.upto;
  main.dataset.frames = Number(main.dataset.frames || 0) + 1;
  tick();
}

if (main.dataset.stream) {
  const listen = () => {
    const source = new EventSource(main.dataset.stream);
    source.addEventListener("tiles", (event) => show(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      // After an answer that is no stream the browser gives up: a screen on a wall must not.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    });
  };
  listen();
}
setInterval(tick, 1000);
tick();
