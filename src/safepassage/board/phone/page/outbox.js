// The reports of this phone, oldest first, and what became of each: new, told (by voice or QR),
// sent (the room has it on its disk), refused (the room says why). Nothing that is not sent is
// ever dropped but by a wipe.

const RANK = { new: 0, told: 1, refused: 2, sent: 3 };
const SENT_KEPT = 40;
const FRESH = () => ({ rev: 0, n: 0, at: 0, offset: 0, totals: {}, language: null, enrolled: null });

let mine = FRESH();
let reports = [];
// The numbers of those that this phone could not write down: they are on its screen only.
const unkept = new Set();

async function load() {
  const found = await readAll((a, b) =>
    "state" in a ? (RANK[b.state] > RANK[a.state] ? b : a) : ((b.rev || 0) > (a.rev || 0) ? b : a));
  mine = { ...FRESH(), ...found.mine };
  reports = Object.keys(found).filter((key) => key.startsWith("r.")).map((key) => found[key]);
  reports.sort((a, b) => a.n - b.n);
  if (reports.length) {
    const last = reports[reports.length - 1];
    // The counter may have been lost between two writes; a report never is. What was on the screen
    // before such a report is in it, and is not counted again.
    const inIt = (one) => one.n > mine.n && (one.add.some((part) => part !== null) || FORMS.numbered.includes(kindOf(one)));
    if (mine.draft && reports.some(inIt)) mine.draft.people = mine.draft.vehicles = null;
    mine.n = Math.max(mine.n, last.n);
    mine.at = Math.max(mine.at, ...reports.map((one) => one.at));
    for (const one of reports) if (one.n > (mine.counted || 0)) noteTotals(one);
  }
}

function keepMine() {
  if (other) return Promise.resolve(false);
  mine.rev += 1;
  return keep("mine", mine);
}

const kindOf = (report) => report.what.split(":")[0];
const roomNow = () => Date.now() + mine.offset;
const totalsKey = (what, convoy) => what + "|" + (convoy || "");
const totalsOf = (what, convoy) => mine.totals[totalsKey(what, convoy)] || { people: null, vehicles: null };

function noteTotals(report) {
  const [kind, detail] = report.what.split(":");
  const what = kind === "undo" ? detail : kind;
  if (FORMS.counted[what] && (report.people !== null || report.vehicles !== null)) {
    mine.totals[totalsKey(what, report.convoy)] = { people: report.people, vehicles: report.vehicles };
  }
  mine.counted = report.n;
}

const more = (total, add) => (add === null ? total : Math.max(0, (total || 0) + add));

// One press. `add` is what was counted since the last one: [people, vehicles], null for not counted.
async function press(what, { convoy = null, vehicle = null, add = [null, null], undoes = null } = {}) {
  const [kind, detail] = what.split(":");
  const counted = kind === "undo" ? detail : kind;
  const before = totalsOf(counted, convoy);
  const totals = FORMS.counted[counted]
    ? [more(before.people, add[0]), more(before.vehicles, add[1])] : [null, null];
  // Two reports never bear the same second: the later total has to be the later one.
  const at = Math.max(Math.floor(roomNow() / 1000) * 1000, mine.at + 1000);
  const report = {
    n: mine.n + 1, at, what, convoy, vehicle, people: totals[0], vehicles: totals[1], undoes, add,
    salt: base64url(crypto.getRandomValues(new Uint8Array(16))), state: "new",
  };
  mine.n = report.n;
  mine.at = at;
  noteTotals(report);
  reports.push(report);
  // With what is left on the screen, in one write: or a phone that is closed in between would show
  // again what it has reported.
  mine.rev += 1;
  if (!(await keepAll({ ["r." + report.n]: report, mine }))) unkept.add(report.n);
  return report;
}

// What could not be written down is tried again before each sending: there may be room now.
async function keepUnkept() {
  for (const one of waiting()) {
    if (unkept.has(one.n) && (await keepAll({ ["r." + one.n]: one, mine }))) unkept.delete(one.n);
  }
}

// The last report that can be taken back: not a stop, which two people lift, and not one undone.
function undoable() {
  const gone = new Set(reports.filter((one) => one.undoes !== null).map((one) => one.undoes));
  for (let i = reports.length - 1; i >= 0; i--) {
    const one = reports[i];
    if (one.undoes === null && one.what !== "stop" && one.state !== "refused" && !gone.has(one.n)) return one;
  }
  return null;
}

function undo(report) {
  const add = report.add.map((one) => (one === null ? null : -one));
  return press("undo:" + report.what.split(":")[0], {
    convoy: report.convoy, vehicle: report.vehicle, add, undoes: report.n,
  });
}

const unsent = () => reports.filter((one) => one.state === "new");
const waiting = () => reports.filter((one) => one.state === "new" || one.state === "told");
// What the room has not heard in any way comes first, and a stop before all: what is told by voice or
// codes still waits for the network, but must not keep the rest off a screen that shows a part.
const toTell = () => waiting().sort((a, b) =>
  (a.state === "told") - (b.state === "told") || (b.what === "stop") - (a.what === "stop") || a.n - b.n);
const refused = () => reports.filter((one) => one.state === "refused");

async function mark(numbers, state, why = "") {
  const wanted = new Set(numbers);
  const marked = {};
  for (const one of reports) {
    if (wanted.has(one.n) && RANK[state] > RANK[one.state]) {
      one.state = state;
      one.why = why;
      marked["r." + one.n] = one;
    }
  }
  // In one write: a hundred writes of a slow phone are minutes in which nothing can be sent.
  if (Object.keys(marked).length) await keepAll(marked);
}

// The clock was ahead: the room refused the time, so nothing of this report is stored there yet.
async function setBack(numbers, latest) {
  const wanted = new Set(numbers);
  const changed = {};
  let before = -Infinity;
  for (const one of reports) {
    if (wanted.has(one.n) && one.state !== "sent" && one.at > latest) {
      // Never before an earlier report: the later total has to be the later one.
      one.at = Math.max(latest - (mine.n - one.n) * 1000, before + 1000);
      changed["r." + one.n] = one;
    }
    before = Math.max(before, one.at);
  }
  mine.at = before;
  mine.rev += 1;
  await keepAll({ ...changed, mine });
}

async function forgetOld() {
  const sent = reports.filter((one) => one.state === "sent");
  const old = sent.slice(0, Math.max(0, sent.length - SENT_KEPT));
  if (!old.length) return;
  const gone = new Set(old);
  reports = reports.filter((one) => !gone.has(one));
  await drop(old.map((one) => "r." + one.n));
}
