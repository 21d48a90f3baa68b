// Proofs that this browser keeps. The private key is made here, cannot be read by anybody, this
// script included, and stays in the browser's own store; the server sees its public half, and of
// a presentation only the text that is to be shown.

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const able = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

// The store: one row a proof, {id, key, credential, until}; `waiting` is a key without its proof.

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("weitan-proofs", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("proofs", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, work) {
  const database = await open();
  try {
    const change = database.transaction("proofs", mode);
    const asked = work(change.objectStore("proofs"));
    return await new Promise((resolve, reject) => {
      change.oncomplete = () => resolve(asked.result);
      change.onerror = () => reject(change.error);
    });
  } finally {
    database.close();
  }
}

const find = (id) => store("readonly", (proofs) => proofs.get(id));
const put = (row) => store("readwrite", (proofs) => proofs.put(row));
const drop = (id) => store("readwrite", (proofs) => proofs.delete(id));

async function sweep() {
  const now = new Date().toISOString();
  for (const row of await store("readonly", (proofs) => proofs.getAll())) {
    if (row.until && new Date(row.until).toISOString() <= now) await drop(row.id);
  }
}

// SD-JWT (RFC 9901).

function base64url(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const utf8 = (text) => new TextEncoder().encode(text);
const part = (content) => base64url(utf8(JSON.stringify(content)));

function claimOf(disclosure) {
  const plain = atob(disclosure.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes))[1];
}

// `jwt~disclosure~…~`, with the disclosures of these claims only.
function narrowed(credential, claims) {
  const [jwt, ...disclosures] = credential.split("~").slice(0, -1);
  return [jwt, ...disclosures.filter((each) => claims.includes(claimOf(each))), ""].join("~");
}

async function present(row, claims, audience, nonce) {
  const shown = narrowed(row.credential, claims);
  const hash = base64url(await crypto.subtle.digest("SHA-256", utf8(shown)));
  const said = { iat: Math.floor(Date.now() / 1000), aud: audience, nonce, sd_hash: hash };
  const body = `${part({ alg: "ES256", typ: "kb+jwt" })}.${part(said)}`;
  const signature = await crypto.subtle.sign(SIGNING, row.key, utf8(body));
  return `${shown}${body}.${base64url(signature)}`;
}

// The pages.

const ticked = (form) => [...form.querySelectorAll("[name=claims]:checked")].map((each) => each.value);

// A form goes on its way once the script has filled in what only the browser knows.
function fill(form, name, make) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.elements[name].value = await make();
    form.submit();
  });
}

async function newProof(form) {
  document.querySelector("[data-without-keys]").hidden = true;
  form.hidden = false;
  fill(form, "holder_key", async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
    await put({ id: "waiting", key: privateKey });
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    return JSON.stringify({ kty, crv, x, y });
  });
}

async function takeOver(made) {
  const id = made.dataset.made;
  const waiting = await find("waiting");
  if (waiting) {
    const credential = made.querySelector("[data-credential]").value;
    await put({ id, key: waiting.key, credential, until: made.dataset.until });
    await drop("waiting");
  }
  if (!(await find(id))) return;
  made.querySelector("[data-lost]").hidden = true;
  made.querySelector("[data-kept]").hidden = false;
}

async function showProof(form) {
  const row = await find(form.dataset.showProof);
  if (!row) return;
  document.querySelector("[data-elsewhere]").hidden = true;
  form.hidden = false;
  const { audience, nonce } = form.elements;
  fill(form, "presentation", () => present(row, ticked(form), audience.value, nonce.value));
}

const PAGES = {
  "form[data-new-proof]": newProof,
  "[data-made]": takeOver,
  "form[data-show-proof]": showProof,
  "[data-forget-proofs]": () => store("readwrite", (proofs) => proofs.clear()),
};

if (able) {
  await sweep();
  for (const [where, work] of Object.entries(PAGES)) {
    const found = document.querySelector(where);
    if (found) await work(found);
  }
}
