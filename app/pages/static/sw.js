// Keeps style, scripts and one page that says there is no network. Never a page of anybody's
// account, never an answer of the API: what it has not put in by name it does not keep.

const CACHE = "weitan-1";
const OFFLINE = "/offline";
const ASSET = /^\/assets\/[0-9a-f]{12}\//;

self.addEventListener("install", (event) => {
  event.waitUntil(keepOffline().then(() => self.skipWaiting()));
});

async function keepOffline() {
  const cache = await caches.open(CACHE);
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" });
  await cache.put(OFFLINE, page.clone());
  const names = [...(await page.text()).matchAll(/\/assets\/[0-9a-f]{12}\/[\w./-]+/g)];
  await cache.addAll([...new Set(names.map(([name]) => name))]);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (ASSET.test(url.pathname)) event.respondWith(asset(request, url));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

async function asset(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) {
    await forgetOthers(cache, url.pathname.split("/")[2]);
    await cache.put(request, fresh.clone());
  }
  return fresh;
}

// After an update the files have another digest: the old ones go, and the offline page is fetched
// again, as it names the new ones.
async function forgetOthers(cache, digest) {
  const old = (await cache.keys()).filter(({ url }) => {
    const { pathname } = new URL(url);
    return ASSET.test(pathname) && pathname.split("/")[2] !== digest;
  });
  if (!old.length) return;
  await Promise.all(old.map((request) => cache.delete(request)));
  await keepOffline();
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) || Response.error();
  }
}
