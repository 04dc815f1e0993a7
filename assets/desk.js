// The desk by keyboard: J K through the list, 1–3 choose a team, Enter sends, N enters, / searches, ? shows the keys.
const typing = (target) => target.closest("input:not([type=radio]), textarea, select") !== null;

function step(forward) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row.closest("li").classList.contains("on"));
  const next = rows[here + (forward ? 1 : -1)] ?? (here < 0 ? rows[0] : undefined);
  if (next) next.click();
}

function choose(number) {
  const choices = document.querySelectorAll("#dispatch input[name=team]");
  const wanted = choices[number - 1];
  if (wanted) {
    wanted.checked = true;
    wanted.focus();
  }
}

const keys = {
  j: () => step(true),
  k: () => step(false),
  1: () => choose(1),
  2: () => choose(2),
  3: () => choose(3),
  n: () => document.querySelector('[data-key="n"]')?.click(),
  "/": () => document.querySelector('[data-key="/"]')?.focus(),
  "?": () => {
    const list = document.querySelector("#keys");
    if (list) list.open = !list.open;
  },
  Enter: () => document.querySelector('[data-key="Enter"]')?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const onLinkOrButton = event.target.closest("a, button, summary") !== null;
  if (event.key === "Enter" && onLinkOrButton) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
