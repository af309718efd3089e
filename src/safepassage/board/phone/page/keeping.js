// What the phone keeps: one value a key, in IndexedDB (durable before "kept") and mirrored in
// localStorage, which a phone may empty last. Either alone is enough to go on.

const PREFIX = "sp.";
let base = null;
let wiped = false;

function openBase() {
  return new Promise((done) => {
    let asked;
    try { asked = indexedDB.open("safepassage", 1); } catch (error) { done(null); return; }
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => {
      // A wipe in another tab does not wait for this one.
      asked.result.onversionchange = () => { asked.result.close(); base = null; };
      done(asked.result);
    };
    asked.onerror = () => done(null);
    asked.onblocked = () => done(null);
  });
}

function change(work) {
  if (!base || wiped) return Promise.resolve(false);
  return new Promise((done) => {
    try {
      const act = base.transaction("kept", "readwrite", { durability: "strict" });
      work(act.objectStore("kept"));
      act.oncomplete = () => done(true);
      act.onerror = act.onabort = () => done(false);
    } catch (error) { done(false); }
  });
}

function mirror(work) {
  if (wiped) return false;
  try { work(localStorage); return true; } catch (error) { return false; }
}

// All of them or none, so that a phone that dies meanwhile has not half of a press.
// True when they are kept in at least one of the two, for good.
async function keepAll(values) {
  const texts = Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]);
  const mirrored = mirror((store) => texts.forEach(([key, text]) => store.setItem(PREFIX + key, text)));
  const kept = await change((store) => texts.forEach(([key, text]) => store.put(text, key)));
  return kept || mirrored;
}

const keep = (key, value) => keepAll({ [key]: value });

function drop(keys) {
  mirror((store) => keys.forEach((key) => store.removeItem(PREFIX + key)));
  return change((store) => keys.forEach((key) => store.delete(key)));
}

// Everything that either of the two holds; `later` picks one of two values of a key.
async function readAll(later) {
  base = await openBase();
  const found = {};
  const take = (key, text) => {
    try {
      const value = JSON.parse(text);
      found[key] = key in found ? later(found[key], value) : value;
    } catch (error) { /* torn by a power cut: the other copy stands */ }
  };
  mirror((store) => {
    for (let i = 0; i < store.length; i++) {
      const key = store.key(i);
      if (key.startsWith(PREFIX)) take(key.slice(PREFIX.length), store.getItem(key));
    }
  });
  if (base) {
    await new Promise((done) => {
      const asked = base.transaction("kept").objectStore("kept").openCursor();
      asked.onsuccess = () => {
        const at = asked.result;
        if (!at) { done(); return; }
        take(at.key, at.value);
        at.continue();
      };
      asked.onerror = () => done();
    });
  }
  return found;
}

async function wipeAll() {
  mirror((store) => store.clear());
  const cleared = change((store) => store.clear());
  // An answer of the room that comes now must not be written down after it.
  wiped = true;
  await cleared;
  if (base) base.close();
  base = null;
  await new Promise((done) => {
    try {
      const asked = indexedDB.deleteDatabase("safepassage");
      asked.onsuccess = asked.onerror = asked.onblocked = () => done();
    } catch (error) { done(); }
  });
  if (window.caches) for (const one of await caches.keys()) await caches.delete(one);
  if (navigator.serviceWorker) {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  }
}
