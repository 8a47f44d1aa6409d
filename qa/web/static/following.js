// Asks a suggested question; Gradio runs this once with `element` and `trigger`.
"use strict";
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action=ask]");
  if (button) trigger("click", { action: "ask", turn: -1, text: button.textContent });
});
