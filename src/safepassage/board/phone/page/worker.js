// Only where the board has https: opens the phone's page without network. The page needs it for
// nothing else; reports wait in the page's own keeping.
const KEPT = "phone-page";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.add("/device/phone")));
  self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.pathname !== "/device/phone") return;
  event.respondWith(
    fetch(event.request)
      .then((answer) => {
        if (answer.ok) {
          const copy = answer.clone();
          event.waitUntil(caches.open(KEPT).then((kept) => kept.put("/device/phone", copy)));
        }
        return answer;
      })
      .catch(() => caches.match("/device/phone")),
  );
});
