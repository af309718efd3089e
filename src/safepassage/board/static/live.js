"use strict";
// Shows the frames of the room's stream. Nothing is decided here.
const main = document.querySelector("main[data-stream]");
let offset = Date.parse(main.dataset.at) - Date.now();
let heard = Date.now();
const source = new EventSource(main.dataset.stream);
source.addEventListener("tiles", (event) => {
  const frame = JSON.parse(event.data);
  offset = Date.parse(frame.at) - Date.now();
  heard = Date.now();
  for (const [id, html] of Object.entries(frame.tiles)) {
    const tile = document.getElementById(id);
    if (tile) tile.innerHTML = html;
  }
  main.dataset.upto = frame.upto;
});
