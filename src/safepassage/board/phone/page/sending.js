// To the room and back: tries by itself, slower after each failure, at once after a press.

const MOST = 100;
const POLL = 8000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
let wait = FIRST_WAIT;
let timer = 0;
let busy = false;
let again = false;
let link = "unknown";
// When the room was last heard, by a clock that nobody sets; null before.
let heardAt = null;
let asking = null;

async function post(path, body) {
  const stop = asking = new AbortController();
  const late = setTimeout(() => stop.abort(), 15000);
  try {
    // The room says its reasons in the language of the phone.
    const answer = await fetch(path + "?lang=" + language(), {
      method: "POST", body: JSON.stringify(body), signal: stop.signal, cache: "no-store",
      credentials: "omit", headers: { "content-type": "application/json" },
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  } finally { clearTimeout(late); asking = null; }
}

function plan(delay) {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

function sendSoon() {
  if (busy) again = true;
  else { wait = FIRST_WAIT; plan(0); }
}

// A stop does not wait for a request that hangs: what that one carries is sent again.
function sendNow() {
  sendSoon();
  if (busy && asking) asking.abort();
}

// A stop never waits behind counts; the others go in their order.
function nextBatch() {
  const open = waiting();
  const stops = open.filter((one) => one.what === "stop");
  return (stops.length ? stops : open).slice(0, MOST);
}

async function send() {
  if (busy || other || wiped || !mine.enrolled) return;
  busy = true;
  again = false;
  if (unkept.size) await keepUnkept();
  const phone = mine.enrolled;
  const batch = nextBatch();
  const clock = utcText(Date.now());
  const ask = { device: phone.device, clock, page: PAGE_VERSION, n: mine.n };
  const begun = Date.now();
  try {
    const body = batch.length
      ? { ...ask, ...signedBatch(batch, phone) }
      : { ...ask, lines: [], signature: signedWords(phone, "safepassage/ask/1\0" + phone.device + "\0" + clock) };
    const { status, body: answer } = await post("/device/report", body);
    if (status >= 500 || status === 429) throw new Error("the room cannot answer now");
    await heard(status, answer, batch, (begun + Date.now()) / 2);
    link = "up";
    wait = FIRST_WAIT;
    if (status === 200 && (waiting().length || again)) plan(0);
    else plan(POLL);
  } catch (error) {
    link = "down";
    // What was pressed meanwhile is tried at once, however long the phone was alone before.
    if (again) { wait = FIRST_WAIT; plan(0); }
    else {
      plan(wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  } finally {
    busy = false;
    refresh();
  }
}

async function heard(status, answer, batch, middle) {
  const phone = mine.enrolled;
  if (answer.now) {
    heardAt = performance.now();
    mine.late = Date.parse(answer.now);
    const offset = Date.parse(answer.now) - middle;
    // Under two seconds it is the road, not the clock.
    mine.offset = Math.abs(offset) < 2000 ? 0 : Math.round(offset);
  }
  if (status === 403 && answer.revoked) {
    // Only the room's own signature wipes a phone: a stranger on the network cannot.
    if (roomSigned(phone, "safepassage/revoked/1\0" + phone.device, answer.revoked)) {
      await wipeAll();
      location.replace(location.pathname);
    }
    return;
  }
  if (status === 422 && answer.faults) {
    for (const n of Object.keys(answer.faults)) await mark([Number(n)], "refused", answer.faults[n]);
  }
  if (status === 200) {
    const by = {};
    for (const [n, state, why] of answer.receipts || []) {
      (by[state] = by[state] || []).push(n);
      if (state === "refused") await mark([n], "refused", why);
    }
    await mark(by.sent || [], "sent");
    if (by.clock) await setBack(by.clock, Date.parse(answer.now) - 1000);
    if (answer.state) phone.state = answer.state;
    await forgetOld();
  }
  if (status === 404) phone.unknown = true; else delete phone.unknown;
  await keepMine();
}

let enrolling = null;

// One at a time: a second answer would begin the numbers anew, over what was counted after the first.
function enrol(code) {
  if (!enrolling) enrolling = enrolOnce(code).finally(() => { enrolling = null; });
  return enrolling;
}

async function enrolOnce(code) {
  // What is no code is not kept, not even for a moment: it might be a name.
  if (!/^[0-9A-HJKMNP-TV-Z]{12}$/.test(code)) throw new Error(say("no_code"));
  const seed = mine.enrolling && mine.enrolling.code === code
    ? mine.enrolling.seed : hex(crypto.getRandomValues(new Uint8Array(32)));
  // Kept before it is sent: if the answer is lost the same key asks again.
  mine.enrolling = { code, seed };
  await keepMine();
  const key = hex(keyPair({ seed }).publicKey);
  const signature = signedWords({ seed }, "safepassage/enrol/1\0" + code);
  const { status, body } = await post("/device/enrol", { code, key, signature });
  if (status !== 200) {
    delete mine.enrolling;
    await keepMine();
    throw new Error(body.why || String(status));
  }
  const language = mine.language;
  await drop(reports.map((one) => "r." + one.n));
  reports = [];
  mine = { ...FRESH(), rev: mine.rev, language, totals: body.totals || {}, n: body.n || 0, enrolled: {
    device: body.device, word: body.word, sign: body.sign, post: body.post, room: body.room,
    voice: body.voice, seed, state: body.state,
  } };
  heardAt = performance.now();
  mine.late = Date.parse(body.now);
  mine.offset = mine.late - Date.now();
  if (Math.abs(mine.offset) < 2000) mine.offset = 0;
  await keepMine();
}

// The latest that it may be: a go that has ended does not come back with a clock that is set back.
function latestNow() {
  const since = heardAt === null ? 0 : performance.now() - heardAt;
  const said = mine.late || 0;
  if (roomNow() > said + since) mine.late = roomNow(), heardAt = performance.now();
  return Math.max(roomNow(), said + since);
}

// The leases that the room has signed, as the phone reads them, without any network.
function leases() {
  const phone = mine.enrolled;
  return ((phone.state || {}).leases || []).map((token) => {
    try {
      const [form, words, signed] = token.split(".");
      const bytes = unbase64url(words);
      if (form !== "SPL1" || !nacl.sign.detached.verify(bytes, unbase64url(signed), unhex(phone.room))) return null;
      const lease = JSON.parse(new TextDecoder().decode(bytes));
      return { convoy: lease.convoy, begins: Date.parse(lease.begins), ends: Date.parse(lease.ends) };
    } catch (error) { return null; }
  }).filter(Boolean);
}
