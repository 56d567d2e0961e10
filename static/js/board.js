// The board of partnerships: a card that is dropped on another column opens the form of that move.
// Everything can be done by the link on each card too.
(() => {
  "use strict";

  let dragged = null;

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-move]");
    if (!card) return;
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector(".board-name").textContent);
    card.classList.add("is-dragged");
  });

  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    for (const column of document.querySelectorAll(".is-over")) column.classList.remove("is-over");
    dragged = null;
  });

  document.addEventListener("dragover", (event) => {
    const column = dragged && event.target.closest?.("[data-column]");
    if (!column || column.contains(dragged)) return;
    event.preventDefault();
    column.classList.add("is-over");
  });

  document.addEventListener("dragleave", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (column && !column.contains(event.relatedTarget)) column.classList.remove("is-over");
  });

  document.addEventListener("drop", (event) => {
    const column = dragged && event.target.closest?.("[data-column]");
    if (!column || column.contains(dragged)) return;
    event.preventDefault();
    window.location.assign(`${dragged.dataset.move}?to=${encodeURIComponent(column.dataset.column)}`);
  });
})();
