"use strict";
// Cards by keyboard: j and k walk, a letter presses its button. Nothing is decided without a press.
(() => {
  const cards = [...document.querySelectorAll(".proposals > ol > li")];
  const here = cards.findIndex((card) => card.classList.contains("now"));
  const now = document.querySelector(".original mark.now");
  if (now) now.scrollIntoView({ block: "center" });
  if (here >= 0) cards[here].scrollIntoView({ block: "nearest" });
  const walk = (by) => {
    const next = cards[here + by];
    if (next) next.querySelector("a").click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      event.stopImmediatePropagation();
      walk(event.key === "j" ? 1 : -1);
      return;
    }
    const pressed = document.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
    if (!pressed) return;
    event.preventDefault();
    // The letters of the navigation wait while a card is open.
    event.stopImmediatePropagation();
    if (pressed.matches("input")) pressed.focus();
    else pressed.click();
  }, true);
})();
