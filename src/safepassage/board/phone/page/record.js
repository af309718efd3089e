// What one press of a button says: its line, the messages it stands for, and the signature over
// them. The room does the same in phone/report.py and phone/expanding.py; a test holds them together.

const CODE_LETTERS = "ABCDEFHKLMNPRSTUWXYZ";

function utcText(ms) {
  const iso = new Date(ms).toISOString();
  return iso.slice(0, 19) + "+00:00";
}

function lineOf(report) {
  const shown = (n) => (n === null ? "-" : String(n));
  const counted = report.people !== null || report.vehicles !== null;
  return [
    report.n,
    utcText(report.at).slice(0, 19).replace(/[-:]/g, ""),
    report.what,
    report.convoy || "-",
    report.vehicle || "-",
    counted ? shown(report.people) + "/" + shown(report.vehicles) : "-",
    report.undoes === null ? "-" : "u" + report.undoes,
  ].join(" ");
}

// Four letters over the line, keyed: the room tells a line that was heard wrong, or made up.
function codeOf(report, voice) {
  const hash = sha256(joined(unhex(voice), utf8("\0" + lineOf(report))));
  let number = new DataView(hash.buffer).getUint32(0);
  let code = "";
  for (let i = 0; i < 4; i++) { code += CODE_LETTERS[number % 20]; number = Math.floor(number / 20); }
  return code;
}

// What is read out: the phone's word, number, local time of day, what, convoy, vehicle, totals.
function spokenOf(report, phone) {
  const [n, time, ...rest] = lineOf(report).split(" ");
  return [phone.word, n, time.slice(9), ...rest, codeOf(report, phone.voice)].join(" ").toUpperCase();
}

// What a report says of those on board of a held convoy; null if nothing.
function needOf(kind, detail) {
  if (kind === "water") return { water_hours: FORMS.water[detail] };
  if (kind === "leave") return { may_leave: FORMS.leave[detail] };
  return FORMS.numbered.includes(kind) ? { [kind]: Number(detail) } : null;
}

function bodiesOf(report, phone) {
  const [kind, detail = ""] = report.what.split(":");
  const at = utcText(report.at);
  const id = (n, part) => phone.device + "." + n + part;
  const bodies = {};
  let counted = FORMS.counted[kind];
  if (FORMS.moves[kind] && (report.convoy || report.vehicle)) {
    bodies.m = { kind: "movement", body: {
      what: FORMS.moves[kind], place: phone.post, vehicle: report.vehicle, convoy: report.convoy, at,
    } };
  } else if (needOf(kind, detail)) {
    bodies.m = { kind: "movement", body: {
      what: "held", place: phone.post, vehicle: report.vehicle, convoy: report.convoy, at,
      ...needOf(kind, detail),
    } };
  } else if (kind === "incident") {
    bodies.i = { kind: "incident", body: {
      event: id(report.n, "i"), what: FORMS.incidents[detail], covers: [phone.post], at,
      convoy: report.convoy,
    } };
  } else if (kind === "stop") {
    bodies.h = { kind: "hold", body: { person: phone.sign, why: FORMS.stopped, convoy: report.convoy } };
  } else if (FORMS.tokens[kind]) {
    bodies.t = { kind: "passage", body: {
      token: detail, what: FORMS.tokens[kind], place: phone.post, at, convoy: report.convoy,
      vehicle: report.vehicle,
    } };
  } else if (kind === "undo") {
    counted = FORMS.counted[detail];
    const part = FORMS.parts[detail];
    if (part !== "m" || report.convoy || report.vehicle) {
      bodies.x = { kind: "correction", body: { about: id(report.undoes, part), why: FORMS.undone } };
    }
  }
  if (counted && report.people !== null) {
    bodies.c = { kind: "count", body: {
      counter: phone.sign, what: counted, people: report.people, as_of: at, place: phone.post,
      convoy: report.convoy, vehicles: report.vehicles,
    } };
  }
  return bodies;
}

// Canonical JSON: keys sorted, nothing absent; our texts hold nothing that needs more.
function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).filter((key) => value[key] !== null).sort();
    return "{" + keys.map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
  }
  return JSON.stringify(value);
}

const MAIN = { movement: "positions", passage: "positions" };

function digestsOf(report, phone) {
  const salt = unbase64url(report.salt);
  const bodies = bodiesOf(report, phone);
  return Object.keys(bodies).map((part) => {
    const { kind, body } = bodies[part];
    const main = MAIN[kind] || "record";
    const parts = { [main]: { body: {}, source: { channel: "device", device: phone.device } } };
    for (const key of Object.keys(body)) {
      if (body[key] === null) continue;
      const of = kind === "passage" && key === "token" ? "persons" : main;
      parts[of] = parts[of] || {};
      parts[of].body = parts[of].body || {};
      parts[of].body[key] = body[key];
    }
    const own = sha256(joined(salt, utf8(part))).slice(0, 16);
    const commitments = Object.keys(parts).sort().map((of) => {
      const partSalt = sha256(joined(own, utf8(of))).slice(0, 16);
      return [of, hex(sha256(joined(partSalt, utf8(canonical(parts[of])))))];
    });
    const listed = [phone.device + "." + report.n + part, kind, phone.device, utcText(report.at),
      commitments];
    return sha256(utf8(canonical(listed)));
  });
}

// Several reports, signed together: what is posted, and what the QR codes hold.
function signedBatch(reports, phone) {
  const digests = [].concat(...reports.map((one) => digestsOf(one, phone)));
  const words = joined(utf8("safepassage/batch/1\0"), ...digests);
  const signature = nacl.sign.detached(words, keyPair(phone).secretKey);
  return {
    device: phone.device,
    lines: reports.map((one) => lineOf(one) + " " + one.salt),
    signature: base64url(signature),
  };
}

let pairKnown = null;
function keyPair(phone) {
  if (!pairKnown || pairKnown.of !== phone.seed) {
    pairKnown = nacl.sign.keyPair.fromSeed(unhex(phone.seed));
    pairKnown.of = phone.seed;
  }
  return pairKnown;
}
const signedWords = (phone, words) => base64url(nacl.sign.detached(utf8(words), keyPair(phone).secretKey));
const roomSigned = (phone, words, signature) =>
  nacl.sign.detached.verify(utf8(words), unbase64url(signature), unhex(phone.room));

// A slip's check digit (Luhn).
function tokenFits(token) {
  const found = /^(\d{3,9})-(\d)$/.exec(token);
  if (!found) return false;
  let total = 0;
  [...found[1]].reverse().forEach((digit, place) => {
    const value = Number(digit) * (place % 2 ? 1 : 2);
    total += value > 9 ? value - 9 : value;
  });
  return String((10 - (total % 10)) % 10) === found[2];
}
