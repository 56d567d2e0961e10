// The editor of campaigns: the focus goes where something was changed, and a form can be closed.
(() => {
  "use strict";

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.closest?.("[data-chooser]")) return; // somebody types there
    const target = event.target.querySelector?.("[data-focus]") || document.querySelector("#tree [data-focus]");
    if (event.target.id !== "count" && event.target.id !== "words") target?.focus();
  });

  document.addEventListener("click", (event) => {
    event.target.closest("[data-close-form]")?.closest("form").remove();
  });
})();
