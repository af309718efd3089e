// What is on the screen, and what a press does. The phone shows facts and counts; it decides nothing.

const by = (id) => document.getElementById(id);
const WAKE = [40];
const draft = { people: null, vehicles: null, convoy: null, vehicle: null };
let view = "count";
let frames = [];
let frame = 0;
let framesCode = "";
let framesOf = [];
let other = false;
let sound = null;

const language = () => mine.language || (navigator.language || "en").slice(0, 2);
function say(key, values = {}) {
  const table = WORDS[language()] || WORDS.en;
  return (table[key] || WORDS.en[key] || key).replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}
const bdi = (text) => "\u2068" + text + "\u2069";
function clockText(ms) {
  const zone = ((mine.enrolled || {}).state || {}).zone || 0;
  return new Date(ms + zone * 60000).toISOString().slice(11, 16);
}
function named(name) {
  if (!name) return "";
  return typeof name === "string" ? name : name[language()] || name.en || Object.values(name)[0];
}
const state = () => (mine.enrolled && mine.enrolled.state) || {};
const convoyOf = () => (state().convoys || []).find((one) => one.id === draft.convoy);

function keepDraft() { mine.draft = { ...draft }; keepMine(); }

function signal() {
  try { if (navigator.vibrate) navigator.vibrate(WAKE); } catch (error) { /* none here */ }
  try {
    sound = sound || new (window.AudioContext || window.webkitAudioContext)();
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    loud.gain.value = 0.05;
    tone.frequency.value = 880;
    tone.connect(loud).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.06);
  } catch (error) { /* no sound here */ }
}

// --- drawing

function go(to) {
  if (to !== view) lastTap.moved = true;
  view = to;
  if (to === "queue") makeFrames();
  if (to === "slip") by("token").textContent = "";
  by("wipe-sure").hidden = true;
  show();
  window.scrollTo(0, 0);
}

function show() {
  const table = WORDS[language()] || WORDS.en;
  document.documentElement.lang = WORDS[language()] ? language() : "en";
  document.documentElement.dir = table.direction || "ltr";
  for (const one of document.querySelectorAll("[data-w]")) one.textContent = say(one.dataset.w);
  const phone = wiped ? null : mine.enrolled;
  const now = other ? "other" : phone ? view : "enrol";
  for (const one of document.querySelectorAll("main > section")) one.hidden = one.id !== "view-" + now;
  const drill = state().mode === "DRILL";
  by("band").className = drill ? "drill" : "";
  by("mode").textContent = phone ? say(drill ? "drill" : "live") : "";
  by("where").textContent = phone ? named(state().name) || phone.post : say("title");
  by("word").textContent = phone ? phone.word : "";
  document.title = phone ? (drill ? say("drill") + " · " : "") + (named(state().name) || phone.post) : say("title");
  if (phone) { showLink(); showFacts(); showConvoys(); showCounter(); showLast(); }
  if (now === "needs") showNeeds();
  if (now === "queue") showFrame();
  if (now === "read") showLines();
  if (now === "more") showMore();
  document.body.classList.remove("starting");
}

// What comes from the room may move the buttons: it waits for a finger that is on its way.
const CALM = 500;
const LONGEST_CALM = 3000;
let touched = -Infinity;
let owed = null;
let later = 0;

function refresh() {
  const now = performance.now();
  if (owed === null) owed = now;
  clearTimeout(later);
  if (now - touched < CALM && now - owed < LONGEST_CALM) { later = setTimeout(refresh, CALM / 4); return; }
  owed = null;
  show();
}

function showLink() {
  const open = unsent().length;
  const told = waiting().length - open;
  const box = by("link");
  // What is counted and not reported yet is on this screen only: it is never called sent.
  const here = draft.people === null ? draft.vehicles : draft.people;
  box.className = open || here !== null ? "waiting" : link === "up" ? "up" : "";
  const words = link === "up" ? "online" : link === "down" ? "offline" : "trying";
  // The long words on what is not reported yet have the box to themselves: it grows for nothing, and
  // the buttons below stay where the finger is.
  const long = !open && here !== null && !mine.enrolled.unknown;
  if (long) box.classList.add("long");
  by("link-word").textContent = (link === "up" ? "● " : "○ ")
    + (long ? "" : say(mine.enrolled.unknown ? "unknown_here" : words));
  by("pending").textContent = open ? say("not_sent", { n: open }) : here !== null ? say("on_screen", { n: here }) : told ? say("told", { n: told }) : say("all_sent");
  const no = refused();
  // It stands until the room has them: whoever closes the page before that loses them.
  const fault = waiting().some((one) => unkept.has(one.n)) ? say("not_kept")
    : no.length ? say("refused", { n: no.length, why: no[no.length - 1].why || "" }) : "";
  by("refused").hidden = !fault;
  if (by("refused").textContent !== fault) by("refused").textContent = fault;
}

// Facts and the nearest agreed halt. Nothing here tells anyone to go or to stop.
function showFacts() {
  const box = by("facts");
  box.textContent = "";
  const line = (text, over) => {
    const p = document.createElement("p");
    p.textContent = text;
    if (over) p.className = "over";
    box.append(p);
  };
  const last = {};
  for (const one of leases()) if (!last[one.convoy] || one.ends > last[one.convoy].ends) last[one.convoy] = one;
  const now = latestNow();
  for (const convoy of Object.keys(last)) {
    const one = last[convoy];
    const values = { convoy: bdi(convoy), at: clockText(one.ends) };
    if (now <= one.ends) line(say("go_until", values));
    else line(say("go_ended", values) + " "
      + say("nearest_halt", { halt: named(state().halt) || say("not_known") }) + " " + say("leader_decides"), true);
  }
  for (const hold of state().holds || []) line(say("hold_stands", { at: clockText(Date.parse(hold)) }), true);
  if (state().mode !== "DRILL" && Math.abs(mine.offset) > 30000) line(say("clock_off", { n: Math.round(Math.abs(mine.offset) / 1000) }), true);
}

function chip(text, pressed, done, act) {
  const one = document.createElement("button");
  one.type = "button";
  one.textContent = text;
  one.setAttribute("aria-pressed", String(pressed));
  if (done) one.className = "done";
  one.addEventListener("click", act);
  return one;
}

function chips(box, made) {
  const legend = box.querySelector("legend");
  box.textContent = "";
  box.append(legend, ...made);
}

function showConvoys() {
  const known = [...(state().convoys || [])];
  if (draft.convoy !== null && !known.some((one) => one.id === draft.convoy)) {
    // People who are counted already stay those of their convoy, whatever the room has heard of it.
    if (draft.people === null) draft.convoy = null;
    else known.push({ id: draft.convoy, vehicles: [] });
  }
  const pick = (id) => () => { draft.convoy = id; draft.vehicle = null; keepDraft(); show(); };
  chips(by("convoys"), [
    ...known.map((one) => chip(one.id, draft.convoy === one.id, false, pick(one.id))),
    chip(say("no_convoy"), draft.convoy === null, false, pick(null)),
  ]);
  const convoy = convoyOf();
  const cars = convoy ? [...convoy.vehicles] : [];
  if (draft.vehicle !== null && !cars.includes(draft.vehicle)) {
    if (draft.people === null) draft.vehicle = null;
    else cars.push(draft.vehicle);
  }
  by("vehicles").hidden = !cars.length || state().kind === "pickup";
  const seen = new Set(reports.filter((one) => one.vehicle && one.convoy === draft.convoy).map((one) => one.vehicle));
  const car = (id) => () => { draft.vehicle = id; keepDraft(); show(); };
  chips(by("vehicles"), [
    chip(say("whole_convoy"), draft.vehicle === null, false, car(null)),
    ...cars.map((id) => chip(id, draft.vehicle === id, seen.has(id), car(id))),
  ]);
}

function showCounter() {
  by("people").textContent = draft.people === null ? "–" : String(draft.people);
  by("cars").textContent = draft.vehicles === null ? "–" : String(draft.vehicles);
  const pickup = state().kind === "pickup";
  const usual = by("usual");
  usual.hidden = !state().usual;
  usual.dataset.people = state().usual;
  usual.textContent = "+" + state().usual;
  for (const one of by("actions").querySelectorAll("[data-what]")) {
    const what = one.dataset.what;
    one.hidden = (what === "departed" && !pickup) || (what === "arrived" && pickup);
    // A movement of nothing, counting nobody, says nothing.
    one.disabled = draft.convoy === null && draft.people === null;
  }
  by("to-needs").disabled = draft.convoy === null;
  // Vehicles are counted with the people in them: zero people is said, never assumed.
  for (const one of document.querySelectorAll("[data-vehicles]")) one.disabled = draft.people === null;
  const main = pickup ? "departed" : state().kind === "checkpoint" ? "through" : "arrived";
  const so = totalsOf(main, draft.convoy);
  by("so-far").textContent = so.people === null ? "" : say("so_far", {
    what: say(main), convoy: draft.convoy ? bdi(draft.convoy) : "", people: so.people,
    vehicles: so.vehicles === null ? "–" : so.vehicles,
  });
}

function told(report) {
  const [kind, detail] = report.what.split(":");
  const what = kind === "incident" ? say("incident_" + detail)
    : kind === "water" || kind === "leave" ? say(kind) + " " + say(kind + "_" + detail)
    : kind === "undo" ? say("taken_back") + " " + report.undoes
    : say(kind.replace("-", "_")) + (detail ? " " + detail : "");
  return [String(report.n), what, report.vehicle || report.convoy || "",
    report.add[0] === null ? "" : (report.add[0] > 0 ? "+" : "") + report.add[0], clockText(report.at),
    codeOf(report, mine.enrolled.voice)].filter(Boolean);
}

function showLast() {
  const last = reports[reports.length - 1];
  by("last").textContent = "";
  // Each part on its own, or right-to-left text would turn "-5" and "2" about.
  for (const part of last ? told(last) : []) {
    const one = document.createElement("bdi");
    one.textContent = part;
    by("last").append(one, " · ");
  }
  if (last) by("last").lastChild.remove();
  by("undo").disabled = !undoable();
}

function showLines() {
  const list = by("lines");
  list.textContent = "";
  const open = toTell();
  const shown = open.length ? open : reports.slice(-3);
  for (const one of shown.slice(0, 30)) {
    const item = document.createElement("li");
    const code = document.createElement("b");
    code.textContent = codeOf(one, mine.enrolled.voice);
    const text = document.createElement("code");
    text.textContent = spokenOf(one, mine.enrolled);
    item.append(code, text);
    if (one.state === "new") {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "wide";
      button.textContent = say("room_read_back");
      button.addEventListener("click", async () => { await mark([one.n], "told"); show(); });
      item.append(button);
    }
    list.append(item);
  }
}

// --- the queue as QR codes

const PER_CODE = 6;

function makeFrames() {
  const open = toTell().slice(0, 120);
  framesOf = open.map((one) => one.n);
  frames = [];
  frame = 0;
  framesCode = "";
  if (!open.length) return;
  const batch = signedBatch(open, mine.enrolled);
  const mark4 = hex(sha256(utf8(batch.signature))).slice(0, 4).toUpperCase();
  framesCode = receiptOf(batch.signature, mine.enrolled.voice);
  const groups = [];
  for (let at = 0; at < batch.lines.length; at += PER_CODE) groups.push(batch.lines.slice(at, at + PER_CODE));
  frames = groups.map((lines, place) =>
    ["SPQ1 " + mark4 + " " + (place + 1) + "/" + groups.length + " " + batch.device, ...lines,
      ...(place === groups.length - 1 ? ["=" + batch.signature] : [])].join("\n"));
}

// What the room says when it has the whole batch on its disk.
function receiptOf(signature, voice) {
  const hash = sha256(joined(unhex(voice), utf8("\0receipt\0" + signature)));
  let number = new DataView(hash.buffer).getUint32(0);
  let code = "";
  for (let i = 0; i < 4; i++) { code += CODE_LETTERS[number % 20]; number = Math.floor(number / 20); }
  return code;
}

function showFrame() {
  by("queue-words").textContent = frames.length ? say("show_to_room", { n: framesOf.length }) : say("nothing_to_show");
  by("qr").hidden = by("receipt").hidden = !frames.length;
  by("qr-place").textContent = frames.length ? frame + 1 + " / " + frames.length : "";
  by("qr-back").hidden = by("qr-next").hidden = frames.length < 2;
  if (!frames.length) return;
  leanQr.generate(frames[frame]).toCanvas(by("qr"), { on: [0, 0, 0], off: [255, 255, 255], pad: 4 });
}

// Each of these says that the convoy is held here; who it is about stands above them.
function showNeeds() {
  by("needs-whom").textContent = [draft.convoy, draft.vehicle].filter(Boolean).map(bdi).join(" · ");
  by("needs-hint").hidden = draft.people !== null;
  for (const one of by("numbered").children) {
    one.disabled = draft.people === null;
    one.textContent = say(one.dataset.need) + (draft.people === null ? "" : ": " + draft.people);
  }
}

function showMore() {
  chips(by("languages"), Object.keys(WORDS).map((one) =>
    chip(WORDS[one].own_name, language() === one, false, () => { mine.language = one; keepMine(); show(); })));
  by("unreviewed").hidden = !(WORDS[language()] || {}).not_reviewed;
  const phone = mine.enrolled;
  by("about").textContent = phone ? say("about", { sign: bdi(phone.sign), word: bdi(phone.word), page: PAGE_VERSION }) : "";
}

// --- pressing

// A stop names no convoy: whatever is chosen on the screen, nobody gets a go.
async function report(what, { counted = true, convoy = draft.convoy } = {}) {
  const add = counted ? [draft.people, draft.vehicles] : [null, null];
  const vehicle = convoy === null ? null : draft.vehicle;
  // The screen is free for the next vehicle at once: a slow phone takes long to keep the report,
  // and what is pressed meanwhile belongs to the next one.
  // A stop or an incident in the middle of a count leaves it, with its vehicle, as it is: or those
  // who are counted next would be reported for the whole convoy.
  if (counted) draft.people = draft.vehicles = draft.vehicle = null;
  mine.draft = { ...draft };
  const keeping = press(what, { convoy, vehicle, add });
  // Whoever counts on further down stays there: nothing moves under the finger.
  if (view === "count") show();
  else go("count");
  // A stop is on its way before a slow phone has written it down.
  if (what === "stop") sendNow();
  await keeping;
  signal();
  show();
  sendSoon();
}

// A finger that bounces, or presses again because a slow phone shows nothing yet, means one press.
// Taken by the time of the press, not by the time when a slow phone comes to it.
const TWICE = 600;
const NEAR = 40;
let lastTap = { at: -Infinity, x: 0, y: 0, button: null, moved: false };

function pressedAt(event) {
  const now = performance.now();
  // After a sleep the two clocks of a phone may differ: then the time of coming to it.
  return event.timeStamp <= now && now - event.timeStamp < 5000 ? event.timeStamp : now;
}

// Counting and typing are quick presses of one button; all the others say something once.
const quick = (button) => button.dataset.people || button.dataset.vehicles || button.closest("#pad, .chips")
  || button.form || button.id === "qr-next" || button.id === "qr-back";

function isBounce(event, button) {
  const last = lastTap;
  const at = pressedAt(event);
  const soon = at - last.at < TWICE;
  const place = Math.abs(event.clientX - last.x) < NEAR && Math.abs(event.clientY - last.y) < NEAR;
  // Another button that has come up under the same finger is not what it meant.
  const ghost = soon && last.moved && place && event.detail > 0 && button !== last.button;
  const again = soon && button === last.button && !quick(button);
  if (ghost || again) return true;
  lastTap = { at, x: event.clientX, y: event.clientY, button, moved: false };
  return false;
}

function step(key, by_) {
  // Less than nobody is not counted again: a press by mistake must not end as "nobody came".
  draft[key] = draft[key] === 0 && by_ < 0 ? null : Math.max(0, (draft[key] || 0) + by_);
  if (draft.people === null) draft.vehicles = null;
  keepDraft();
  showCounter();
  showLink();
}

function listen() {
  for (const one of ["pointerdown", "pointerup", "click"]) {
    document.addEventListener(one, () => { touched = performance.now(); }, true);
  }
  document.addEventListener("click", (event) => {
    const one = event.target.closest("button");
    if (!one || one.disabled || !isBounce(event, one)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const one = event.target.closest("button");
    if (!one) return;
    if (one.dataset.to) go(one.dataset.to);
    else if (one.dataset.people) step("people", Number(one.dataset.people));
    else if (one.dataset.vehicles) step("vehicles", Number(one.dataset.vehicles));
    else if (one.dataset.what) report(one.dataset.what);
  });
  by("undo").addEventListener("click", async () => {
    const last = undoable();
    if (!last) return;
    const keeping = undo(last);
    // Seen before it is kept, or it would be pressed again and take back one more.
    show();
    await keeping;
    signal();
    show();
    sendSoon();
  });
  by("stop").addEventListener("click", () => report("stop", { counted: false, convoy: null }));
  for (const key of Object.keys(FORMS.incidents)) {
    const one = document.createElement("button");
    one.type = "button";
    one.dataset.w = "incident_" + key;
    one.addEventListener("click", () => report("incident:" + key, { counted: false }));
    by("incidents").append(one);
  }
  const need = (box, what, word) => {
    const one = document.createElement("button");
    one.type = "button";
    one.dataset.need = what;
    if (word) one.dataset.w = word;
    one.addEventListener("click", () => {
      const counted = FORMS.numbered.includes(what);
      const said = what + (counted ? ":" + draft.people : "");
      // What was on the screen were those on board, not people who passed: it is not counted twice.
      if (counted) draft.people = draft.vehicles = null;
      report(said, { counted: false });
    });
    by(box).append(one);
  };
  for (const key of ["0", "2", "6", "12"]) need("water", "water:" + key, "water_" + key);
  for (const key of Object.keys(FORMS.leave)) need("leave", "leave:" + key, "leave_" + key);
  for (const key of FORMS.numbered) need("numbered", key);
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0", "–"]) {
    const one = document.createElement("button");
    one.type = "button";
    one.textContent = key;
    one.addEventListener("click", () => {
      const text = by("token").textContent;
      by("token-fault").textContent = "";
      by("token").textContent = key === "⌫" ? text.slice(0, -1)
        : key === "–" ? (text && !text.includes("-") ? text + "-" : text) : text.length < 11 ? text + key : text;
    });
    by("pad").append(one);
  }
  for (const what of ["boarded", "got-off"]) {
    by(what).addEventListener("click", () => {
      const token = by("token").textContent;
      if (tokenFits(token)) report(what + ":" + token, { counted: false });
      else by("token-fault").textContent = say("slip_wrong");
    });
  }
  by("qr-next").addEventListener("click", () => { frame = (frame + 1) % frames.length; show(); });
  by("qr-back").addEventListener("click", () => { frame = (frame + frames.length - 1) % frames.length; show(); });
  by("receipt").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = by("receipt-code").value.trim().toUpperCase();
    by("receipt-code").value = "";
    const right = framesCode !== "" && typed === framesCode;
    by("receipt-fault").textContent = right ? "" : say("receipt_wrong");
    if (right) { await mark(framesOf, "told"); go("count"); }
  });
  by("enrol").addEventListener("submit", (event) => {
    event.preventDefault();
    tryEnrol(by("code").value);
  });
  by("wipe").addEventListener("click", () => {
    by("wipe-sure").hidden = false;
    by("wipe-sure").textContent = say("wipe_sure", { n: waiting().length });
  });
  by("wipe-sure").addEventListener("click", async () => {
    const gone = wipeAll();
    show();
    await gone;
    location.replace(location.pathname);
  });
  window.addEventListener("online", sendSoon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); sendSoon(); } });
  window.addEventListener("hashchange", fromAddress);
}

async function tryEnrol(code) {
  by("enrol-fault").textContent = "";
  try {
    await enrol(code.toUpperCase().replace(/[^0-9A-Z]/g, ""));
    by("code").value = "";
    go("count");
    sendSoon();
  } catch (error) {
    by("enrol-fault").textContent = say("enrol_failed", { why: String(error.message || error) });
  }
  show();
}

function fromAddress() {
  const code = location.hash.slice(1);
  if (!code) return;
  // The code is not left in the history of the phone.
  history.replaceState(null, "", location.pathname);
  if (!mine.enrolled) tryEnrol(code);
}

// Two tabs of one phone would number their reports alike: the newest one has it.
function onlyTab() {
  const own = String(Math.random());
  // A page that the browser had put away, or a tab that slept, hears of the other one too late.
  const asleep = () => {
    try {
      const now = localStorage.getItem("sp-tab");
      if (now && now !== own) other = true;
    } catch (error) { /* no store: nothing to tell them by */ }
    return other;
  };
  window.addEventListener("click", (event) => {
    if (!asleep()) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    clearTimeout(timer);
    show();
  }, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  try { localStorage.setItem("sp-tab", own); } catch (error) { return; }
  window.addEventListener("storage", (event) => {
    if (event.key === "sp-tab" && event.newValue && event.newValue !== own) {
      other = true;
      clearTimeout(timer);
      show();
    }
  });
}

async function begin() {
  onlyTab();
  await load();
  if (mine.draft) Object.assign(draft, mine.draft);
  listen();
  show();
  fromAddress();
  send();
  setInterval(() => { if (mine.enrolled && view === "count") refresh(); }, 5000);
  if (location.protocol === "https:" && navigator.serviceWorker) {
    navigator.serviceWorker.register("/device/worker.js", { scope: "/device/" }).catch(() => {});
  }
}
begin();
