// What the chat does in the browser; Gradio runs this once with `element` and `trigger`.
"use strict";
let shownTurns = "";
let scrolled = 0;
const turnOf = (node) => Number(node.closest("[data-turn]").dataset.turn);

function say(text) {
  const log = element.querySelector(".youju-conversation");
  const note = Object.assign(document.createElement("p"), { className: "youju-note", textContent: text });
  note.setAttribute("role", "status");
  log.append(note);
  setTimeout(() => note.remove(), 2000);
}

async function copy(text) {
  // Links in copied text should open from anywhere.
  const absolute = text.replaceAll("](/article/", `](${location.origin}/article/`);
  try {
    await navigator.clipboard.writeText(absolute);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: absolute });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(element.querySelector(".youju-conversation").dataset.copied);
}

function edit(button) {
  const box = button.closest(".youju-question");
  if (box.querySelector("textarea")) return;
  const shown = box.querySelector("p");
  const form = document.createElement("form");
  form.dataset.action = "resend";
  const area = Object.assign(document.createElement("textarea"), { value: shown.textContent, rows: 2 });
  area.setAttribute("aria-label", button.getAttribute("aria-label"));
  const send = Object.assign(document.createElement("button"), { type: "submit", textContent: button.dataset.send });
  const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: button.dataset.cancel });
  const close = () => { form.remove(); shown.hidden = false; button.hidden = false; button.focus(); };
  cancel.addEventListener("click", close);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
  });
  form.append(area, send, cancel);
  shown.hidden = button.hidden = true;
  box.append(form);
  area.focus();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button) {
    const { action, text } = button.dataset;
    if (action === "edit") edit(button);
    if (action === "copy") { copy(text); button.closest("details").open = false; }
    if (action === "literal") trigger("click", { action, turn: turnOf(button), text: "" });
    if (action === "right") trigger("click", { action: "right", turn: turnOf(button), text: "" });
  }
  // On a narrow page the article opens below, out of sight.
  if (event.target.closest("a[target=youju-article]")) {
    document.getElementById("youju-panel")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const { action } = event.target.dataset;
  const text = event.target.querySelector("input, textarea").value;
  trigger("click", { action, turn: turnOf(event.target), text });
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest?.("details.youju-menu")?.removeAttribute("open");
});

element.addEventListener("scroll", (event) => { scrolled = event.target.scrollTop; }, true);

element.addEventListener("toggle", async (event) => {
  const fold = event.target;
  if (!fold.open || !fold.dataset.src) return;
  const place = fold.querySelector(".youju-fragment");
  if (place.childElementCount) return;
  const answer = await fetch(fold.dataset.src);
  place.innerHTML = answer.ok ? await answer.text() : "";
}, true);

watch("value", () => {
  const turns = element.querySelectorAll(".youju-turn");
  const log = element.querySelector(".youju-conversation");
  const last = turns[turns.length - 1];
  // All of it was drawn anew: show a new turn from its beginning, else go back to where it was.
  const shown = `${turns.length} ${log.querySelector(".youju-pending") ? "pending" : "done"}`;
  log.scrollTop = last && shown !== shownTurns ? last.offsetTop - 12 : scrolled;
  shownTurns = shown;
});
