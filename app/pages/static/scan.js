// Reads a code into a form and sends it: see templates/frame/scan.html. The camera looks only where
// the browser itself knows codes, and only while the page is seen; pictures of it go nowhere.

const KEY = "weitan.asked";
const LOOK_EVERY = 120; // milliseconds
const SIDE = 1600; // pixels of a photo that is sent; a code needs no more

const form = document.querySelector("form[data-scan]");

// What was sent and not answered yet.

function remember(event) {
  const sent = event.target;
  const once = sent.elements.once;
  if (!event.defaultPrevented && sent.dataset.asked && once) sessionStorage.setItem(KEY, once.value);
}

function showOpen() {
  const key = sessionStorage.getItem(KEY);
  const note = document.querySelector("[data-open]");
  if (!note) return;
  note.hidden = !key;
  if (key) note.querySelector("a").href = `${form.dataset.asked}?key=${encodeURIComponent(key)}`;
}

if (document.querySelector("[data-answered]")) sessionStorage.removeItem(KEY);
addEventListener("submit", remember);
addEventListener("pageshow", (event) => {
  if (event.persisted && form?.elements.once) form.elements.once.value = crypto.randomUUID();
  showOpen();
});

// A page that waits for an answer asks again by itself.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again) * 1000);

// The button to go on with: Enter is enough.
document.querySelector("[data-next]")?.focus();

function say(what) {
  for (const each of form.querySelectorAll("[data-says]")) {
    each.hidden = each.dataset.says !== what;
  }
}

// A photo: made small where that works, and sent as soon as it is taken.

async function small(file) {
  const picture = await createImageBitmap(file);
  const part = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  if (part === 1) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * part);
  canvas.height = Math.round(picture.height * part);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return new File([blob], "code.jpg", { type: "image/jpeg" });
}

async function sendPhoto(photo) {
  if (!photo.files.length) return;
  say("reading");
  try {
    const files = new DataTransfer();
    files.items.add(await small(photo.files[0]));
    photo.files = files.files;
  } catch {
    // As it is, then: the server reads it too.
  }
  form.requestSubmit();
}

// The camera.

let detector = null;
let stream = null;
let busy = false;

async function knowsCodes() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

async function open() {
  if (stream || busy || document.hidden) return;
  busy = true;
  try {
    const rear = { facingMode: { ideal: "environment" }, width: { ideal: 1280 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: rear, audio: false });
  } catch {
    say("denied");
    return;
  } finally {
    busy = false;
  }
  const box = form.querySelector("[data-camera]");
  const video = box.querySelector("video");
  box.hidden = false;
  video.srcObject = stream;
  await video.play().catch(() => {});
  say("looking");
  offerTorch(stream.getVideoTracks()[0]);
  look(video);
}

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  form.querySelector("[data-camera]").hidden = true;
}

async function look(video) {
  while (stream) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found?.rawValue && stream) {
      close();
      say("reading");
      form.elements[form.dataset.scan].value = found.rawValue;
      form.requestSubmit();
      return;
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY));
  }
}

function offerTorch(track) {
  const button = form.querySelector("[data-torch]");
  if (!track.getCapabilities?.().torch) return;
  button.hidden = false;
  button.onclick = () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
    button.setAttribute("aria-pressed", String(on));
  };
}

async function start() {
  if (!(await knowsCodes())) return;
  detector = new BarcodeDetector({ formats: ["qr_code"] });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  await open();
}

if (form) {
  const photo = form.querySelector("[data-photo] input");
  photo.classList.add("hidden");
  form.querySelector("[data-read]").hidden = true;
  photo.addEventListener("change", () => sendPhoto(photo));
  // With a keyboard, or a reader that types, the code can be typed at once.
  if (matchMedia("(pointer: fine)").matches) form.elements[form.dataset.scan].focus();
  start();
}
