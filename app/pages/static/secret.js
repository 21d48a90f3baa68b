// Makes the secret of a new access in this browser. Only its fingerprint is sent.

const box = document.querySelector("[data-secret]");
const make = box.querySelector("[data-make]");

async function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const secret = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  box.querySelector("[data-text]").value = secret;
  box.querySelector("[data-made]").hidden = false;
  document.getElementById("secret_sha256").value = hex;
}

// Browsers count fingerprints on safe addresses only.
if (globalThis.crypto?.subtle) {
  make.hidden = false;
  make.querySelector("button").addEventListener("click", fresh);
}
