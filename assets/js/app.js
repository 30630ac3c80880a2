// Everything here only speeds up what links and forms already do.

/** The root of the site, which may be below a path of its host. */
const root = new URL("..", import.meta.url).pathname;
const find = document.querySelector("form[data-suggest]");
if (find) suggest(find);
const board = document.querySelector("table.board");
if (board) {
  limitPicks(board);
  walkRows(board);
}
document.querySelector("form.season select")?.addEventListener("change", (event) => event.target.form.submit());
listenForKeys();

/** Players while typing, as a listbox under the search box. */
function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Players found");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }
  let chosen = -1;
  let asked = 0;
  let timer;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    const options = [...list.children];
    if (options.length === 0) return;
    chosen = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const show = (results) => {
    list.replaceChildren(...results.map((player, at) => {
      const option = document.createElement("li");
      option.id = `suggestion-${at}`;
      option.setAttribute("role", "option");
      option.dataset.href = `${root}prospects/${player.id}`;
      const facts = document.createElement("span");
      facts.className = "facts";
      facts.textContent = player.board ? `${player.board.level} · #${player.board.rank}` : player.last_season ?? "";
      option.append(player.name, facts);
      return option;
    }));
    chosen = -1;
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
  };
  const ask = async () => {
    const query = input.value.trim();
    const turn = ++asked;
    if (query.length < 2) return close();
    const answer = await fetch(`${root}api/prospects/search?limit=8&q=${encodeURIComponent(query.slice(0, 64))}`).catch(() => null);
    if (turn !== asked || !answer?.ok) return;
    show((await answer.json()).results);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 90);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.href = list.children[chosen].dataset.href;
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("li");
    if (option) location.href = option.dataset.href;
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}

/** At most five players can be compared; says how many are picked. */
function limitPicks(table) {
  const boxes = [...table.querySelectorAll("input[name=ids]")];
  const button = table.closest("form").querySelector(".tray button");
  const update = () => {
    const picked = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => { box.disabled = picked >= 5 && !box.checked; });
    button.textContent = picked > 1 ? `Compare ${picked}` : "Compare";
    button.disabled = picked < 2;
  };
  table.addEventListener("change", update);
  update();
}

/** j and k walk the rows, c picks one for comparison, Enter opens it. */
function walkRows(table) {
  const rows = [...table.querySelectorAll("tbody tr:not(.tier)")];
  let at = -1;
  const go = (step) => {
    rows[at]?.removeAttribute("aria-current");
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows[at].setAttribute("aria-current", "true");
    rows[at].querySelector("a").focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  addEventListener("row-step", (event) => go(event.detail));
  addEventListener("row-pick", () => rows[at]?.querySelector("input[name=ids]").click());
}

/** Single keys, unless something is being typed. */
function listenForKeys() {
  const step = (detail) => dispatchEvent(new CustomEvent("row-step", { detail }));
  const keys = {
    "/": () => document.querySelector("#find")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    c: () => dispatchEvent(new Event("row-pick")),
    "?": help,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}

function help() {
  let dialog = document.querySelector("dialog.help");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "help";
    dialog.innerHTML = `<h2>Keys</h2><p><kbd>/</kbd> search</p><p><kbd>j</kbd> <kbd>k</kbd> next and previous player</p>
      <p><kbd>c</kbd> pick for comparison</p><p><kbd>?</kbd> this help</p><form method="dialog"><button>Close</button></form>`;
    document.body.append(dialog);
  }
  dialog.showModal();
}

// The page of jobs follows them while something runs.
async function followJobs() {
  const shown = document.querySelector("article.jobs[data-live]");
  if (!shown) return;
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("article.jobs");
    if (fresh) shown.replaceWith(fresh);
  }
  setTimeout(followJobs, 2000);
}
setTimeout(followJobs, 2000);

// A page that is looked at hears when a newer board has landed. A hidden one does
// not hold a connection: browsers allow six to a server, over all its pages.
function hearOfBoards(landed) {
  let known = null;
  let source = null;
  const hear = (event) => {
    const { version } = JSON.parse(event.data);
    if (known !== null && version !== known) offerNewer(landed);
    known = version;
  };
  const follow = () => {
    source?.close();
    source = null;
    if (document.visibilityState !== "visible") return;
    source = new EventSource(`${root}api/events`);
    source.addEventListener("board", hear);
    source.addEventListener("refresh", hear);
  };
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
  document.addEventListener("visibilitychange", follow);
  follow();
}

function offerNewer(landed) {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "Show it";
  landed.replaceChildren("A newer board has landed. ", link);
  landed.hidden = false;
}

const landed = document.querySelector(".landed");
if (landed && window.EventSource) hearOfBoards(landed);
