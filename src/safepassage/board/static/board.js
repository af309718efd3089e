"use strict";
// Single letters go to their page, unless somebody is typing or has switched them off.
const OFF = "safepassage-keys-off";
const away = () => {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || away()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const way = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const quick = JSON.parse(document.body.dataset.quick || "{}")[event.key];
  if (way) way.click();
  else if (quick) location.assign(quick);
  else return;
  event.preventDefault();
});

const box = document.querySelector("[data-keys]");
if (box) {
  box.checked = !away();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "no" : "yes"));
}
