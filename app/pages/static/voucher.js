// A code that renews itself before it ends, while somebody looks at it. Without a network the one
// on the screen stays until its end. Keeps the screen awake where the browser can.

const EARLY = 3; // seconds before its end
const plate = document.querySelector("[data-renew]");
const part = (name) => plate.querySelector(`[data-${name}]`);
const { renew, token, left: words } = plate.dataset;

let whole = Number(plate.dataset.seconds);
let ends = Date.now() + whole * 1000;
let asking = false;
let turn = 0;

function draw() {
  const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  part("words").textContent = words.replace("#", left);
  part("ring").setAttribute("stroke-dashoffset", String(100 - (100 * left) / Math.max(1, whole)));
  part("countdown").hidden = left === 0;
  part("ended").hidden = left > 0;
  plate.classList.toggle("over", left === 0);
  if (left > 0 && navigator.onLine) part("lost").hidden = true;
  if (left <= EARLY) ask();
}

function show(code) {
  whole = code.seconds;
  ends = Date.now() + whole * 1000;
  part("picture").src = code.picture;
  part("letters").textContent = code.groups.join(" ");
  part("said").textContent = "";
  part("said").textContent = plate.dataset.renewed;
  part("lost").hidden = true;
  for (const field of document.querySelectorAll("input[data-code]")) field.value = code.code;
  draw();
}

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(renew, { method: "POST", headers: { "X-CSRFToken": token } });
    if (answer.redirected || !answer.ok) location.reload();
    else show(await answer.json());
  } catch {
    part("lost").hidden = ends <= Date.now();
  } finally {
    asking = false;
  }
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Low battery, or not allowed: the screen does as it always does.
  }
}

function run() {
  clearInterval(turn);
  if (document.hidden) return;
  turn = setInterval(draw, 1000);
  stayAwake();
  draw();
}

document.addEventListener("visibilitychange", run);
addEventListener("online", draw);
addEventListener("offline", () => {
  part("lost").hidden = ends <= Date.now();
});
run();
