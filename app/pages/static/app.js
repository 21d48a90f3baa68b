// What every page uses: an installed page that says so when the network is gone, forms that are
// sent once, and a sign of life while the next page is on its way.

const root = document.documentElement;

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}

const bar = document.querySelector("[data-offline]");

function tellNetwork() {
  if (bar) bar.hidden = navigator.onLine;
}
addEventListener("online", tellNetwork);
addEventListener("offline", tellNetwork);
tellNetwork();

// A page that comes back from the browser's memory is not waiting any more.
addEventListener("pageshow", () => {
  root.classList.remove("loading");
  for (const busy of document.querySelectorAll("[aria-busy=true]")) {
    busy.removeAttribute("aria-busy");
  }
});

let fetching = false; // a form with data-file brings a file, and its page stays
addEventListener("beforeunload", () => {
  if (!fetching) root.classList.add("loading");
  fetching = false;
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  const button = event.submitter;
  fetching = "file" in form.dataset;
  if (!button || fetching) return;
  if (button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-busy", "true");
});

// A menu closes when one looks elsewhere.
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.looks[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.looks[open]")) menu.open = false;
});
