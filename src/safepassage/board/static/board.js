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

// On a phone a wide table becomes cards: each cell bears the head of its column.
function labelled(table) {
  const heads = [...table.querySelectorAll(":scope > thead > tr:last-child > *")];
  if (heads.length < 4 || heads.some((one) => one.colSpan > 1)) return;
  table.classList.add("stacks");
  table.setAttribute("role", "table");
  for (const row of table.querySelectorAll(":scope > tbody > tr")) {
    row.setAttribute("role", "row");
    const cells = [...row.children];
    cells.forEach((cell, place) => {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      if (cells.length === heads.length) cell.dataset.label = heads[place].textContent.trim();
    });
  }
}
function labelAll() {
  for (const table of document.querySelectorAll("main table")) labelled(table);
}
labelAll();
new MutationObserver(labelAll).observe(document.querySelector("main"), { childList: true, subtree: true });

// On a phone what stops a go stands first: the rest is folded until it is opened, or printed.
const small = matchMedia("(max-width: 700px)");
function fold(open) {
  for (const one of document.querySelectorAll("details[data-fold]")) one.open = open;
}
if (small.matches) fold(false);
window.addEventListener("beforeprint", () => fold(true));
