// Steps through the quotes that are marked in an article, in the order they stand.
"use strict";
const marks = Array.from(document.querySelectorAll("mark[id]"));
let place = Math.max(0, marks.findIndex((mark) => `#${mark.id}` === location.hash));

function show(number) {
  if (!marks.length) return;
  place = (number + marks.length) % marks.length;
  marks.forEach((mark, n) => mark.classList.toggle("current", n === place));
  // Not scrollIntoView: that would scroll the chat as well, in whose frame this page lies.
  const { top, height } = marks[place].getBoundingClientRect();
  window.scrollTo({ top: window.scrollY + top - (window.innerHeight - height) / 2 });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) show(place + Number(button.dataset.step));
});
// After the fonts are there: until then the text may still move.
(document.fonts?.ready ?? Promise.resolve()).then(() => show(place));
