// Reads a phone's QR codes (camera, picture or text), puts the parts together, hands them in.
(() => {
  "use strict";
  const by = (id) => document.getElementById(id);
  const said = by("relay").dataset;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key]);
  const batches = {};
  const done = {};
  let last = "";

  async function post(path, body) {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" },
      });
    } catch (error) {
      // Said as not taken in, and taken again when it is shown again.
      return { status: 0, body: { why: String(error.message || error) } };
    }
    return { status: answer.status, body: await answer.json().catch(() => ({ why: String(answer.status) })) };
  }

  // One part: "SPQ1 MARK i/n DEVICE", its lines, and in the last part "=" and the signature.
  async function part(text) {
    const rows = text.trim().split(/\r?\n/);
    const head = /^SPQ1 ([0-9A-F]{4}) (\d+)\/(\d+) (\S+)$/.exec(rows[0]);
    if (!head) return false;
    const [, mark, i, n, device] = head;
    const key = device + mark;
    const batch = (batches[key] = batches[key] || { device, n: Number(n), parts: {} });
    batch.parts[i] = rows.slice(1);
    const left = batch.n - Object.keys(batch.parts).length;
    if (done[key]) return true;
    by("codes-said").textContent = fill(said.part, { i, n, left });
    // The letters of the batch before are not those of this one.
    by("codes-code").textContent = "";
    if (left > 0) return true;
    done[key] = true;
    const all = [];
    for (let place = 1; place <= batch.n; place++) all.push(...batch.parts[place]);
    const signature = (all.find((one) => one.startsWith("=")) || "=").slice(1);
    const lines = all.filter((one) => one && !one.startsWith("="));
    const { status, body } = await post("/phones/relay/codes", { device, lines, signature });
    const bad = (body.receipts || []).filter((one) => one[1] !== "sent");
    if (status === 200 && !bad.length) {
      by("codes-said").textContent = fill(said.sent, { n: lines.length, counter: body.counter });
      by("codes-code").textContent = body.code;
    } else {
      done[key] = false;
      last = "";
      const why = body.why || bad.map((one) => one[0] + ": " + (one[2] || one[1])).join("; ")
        || Object.values(body.faults || {}).join("; ");
      by("codes-said").textContent = fill(said.failed, { why });
      by("codes-code").textContent = "";
    }
    return true;
  }

  async function parts(text) {
    let found = false;
    for (const one of text.split(/(?=^SPQ1 )/m)) if (one.trim() && (await part(one))) found = true;
    if (!found) by("codes-said").textContent = said.none;
  }

  function decode(source, width, height) {
    const canvas = document.createElement("canvas");
    const most = Math.min(1, 1400 / Math.max(width, height));
    canvas.width = Math.round(width * most);
    canvas.height = Math.round(height * most);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    const seen = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = jsQR(seen.data, seen.width, seen.height);
    return found && found.data;
  }

  by("take").addEventListener("click", () => parts(by("text").value));

  by("picture").addEventListener("change", async () => {
    let found = "";
    for (const file of by("picture").files) {
      const picture = await createImageBitmap(file);
      const text = decode(picture, picture.width, picture.height);
      if (text) found += text + "\n";
    }
    await parts(found);
    // The same picture can be given again.
    by("picture").value = "";
  });

  by("camera").addEventListener("click", async () => {
    const seen = by("seen");
    try {
      seen.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      seen.hidden = false;
      await seen.play();
    } catch (error) {
      by("codes-said").textContent = said.camera;
      return;
    }
    const look = async () => {
      if (seen.readyState >= 2) {
        const text = decode(seen, seen.videoWidth, seen.videoHeight);
        if (text && text !== last) { last = text; if (!(await part(text))) last = ""; }
      }
      setTimeout(look, 150);
    };
    look();
  });

  by("spoken").addEventListener("submit", async (event) => {
    event.preventDefault();
    by("line-said").textContent = by("line-code").textContent = "";
    const { status, body } = await post("/phones/relay/line", { line: by("line").value });
    by("line-said").textContent = status === 200
      ? fill(body.known ? said.known : said.line, body) : fill(said.failed, { why: body.why });
    by("line-code").textContent = status === 200 ? body.code : "";
    if (status === 200) by("line").value = "";
  });
})();
