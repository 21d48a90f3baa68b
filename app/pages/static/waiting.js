// A page that waits for somebody else: asks every few seconds, while it is seen, whether it still
// does, and is loaded again once it does not. The address answers {"waiting": true or false}.

const EVERY = 2000;

async function ask(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.redirected) return false; // signed out: the page itself leads to the door
    return answer.ok ? (await answer.json()).waiting : true;
  } catch {
    return true; // no network: later
  }
}

function watch(address) {
  let turn = 0;
  async function look() {
    clearTimeout(turn);
    if (document.hidden) return;
    if (await ask(address)) turn = setTimeout(look, EVERY);
    else location.reload();
  }
  document.addEventListener("visibilitychange", look);
  turn = setTimeout(look, EVERY);
}

for (const { dataset } of document.querySelectorAll("[data-watch]")) watch(dataset.watch);
