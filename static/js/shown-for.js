// Fields that have a meaning only while another field has one of some values:
//   [data-shown-by="name of the other field"][data-shown-for="values, with spaces between them"]
// Without this script all of them are shown, and the server leaves out what has no meaning.
(() => {
  "use strict";

  function settle(root) {
    root.querySelectorAll("[data-shown-by]").forEach((place) => {
      const form = place.closest("form") || document;
      const other = form.querySelector(`[name="${CSS.escape(place.dataset.shownBy)}"]`);
      if (other) place.hidden = !place.dataset.shownFor.split(" ").includes(other.value);
    });
  }

  document.addEventListener("change", (event) => settle(event.target.closest("form") || document));
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target));
  settle(document);
})();
