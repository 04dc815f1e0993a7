// The desk by keyboard: J K through the list, 1–3 choose a team (with Shift one more), Enter sends, N enters, / searches,
// ? shows the keys.
const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select") !== null;

function step(forward) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row.closest("li").classList.contains("on"));
  const next = rows[here + (forward ? 1 : -1)] ?? (here < 0 ? rows[0] : undefined);
  if (next) next.click();
}

function choose(number, alone = true) {
  const choices = document.querySelectorAll("#dispatch input[name=team]");
  const wanted = choices[number - 1];
  if (wanted) {
    if (alone) for (const choice of choices) choice.checked = false;
    wanted.checked = alone || !wanted.checked;
    wanted.focus();
    nameTheTeam();
  }
}

// The button says whom it sends to.
function nameTheTeam() {
  const words = document.querySelector("[data-send]");
  const chosen = [...document.querySelectorAll("#dispatch input[name=team]:checked")].map((one) => one.dataset.team);
  if (words && chosen.length) words.textContent = words.dataset.send.replace("{team}", chosen.join("、"));
}

const press = (key) => document.querySelector(`[data-key="${key}"]`)?.click();

// A reason or question is folded away until it is wanted.
function unfold(key, field) {
  if (!document.querySelector(`[data-key="${key}"]`)) return;
  const input = document.querySelector(field);
  input.closest("details").open = true;
  input.focus();
}

const keys = {
  j: () => step(true),
  k: () => step(false),
  1: () => choose(1),
  2: () => choose(2),
  3: () => choose(3),
  w: () => unfold("w", "#words-ask"),
  x: () => unfold("x", "#words-reject"),
  n: () => press("n"),
  "/": () => document.querySelector('[data-key="/"]')?.focus(),
  "?": () => {
    const list = document.querySelector("#keys");
    if (list) {
      list.open = !list.open;
      list.scrollIntoView();
    }
  },
  Enter: () => press("Enter"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const onLinkOrButton = event.target.closest("a, button, summary") !== null;
  if (event.key === "Enter" && onLinkOrButton) return;
  const digit = /^Digit([1-3])$/.exec(event.code);
  const act =
    digit && event.shiftKey
      ? () => choose(Number(digit[1]), false)
      : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.querySelector("#dispatch")?.addEventListener("change", nameTheTeam);
for (const link of document.querySelectorAll('[data-key="w"], [data-key="x"]')) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    unfold(link.dataset.key, link.hash);
  });
}
nameTheTeam();
document.querySelector("li.on [data-row]")?.scrollIntoView({ block: "nearest" });
